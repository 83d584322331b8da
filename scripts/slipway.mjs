#!/usr/bin/env node
import { load } from "./load.mjs";

const { main } = await load("scripts/cli.ts");
await main(process.argv.slice(2));
