// The entry point of `pulumi up` by hand. `slipway build` runs the same program in its own process.
import { RunError } from "@pulumi/pulumi";
import { load } from "../../scripts/load.mjs";

const { program } = await load("infra/build/index.ts");

const outputs = await program().catch((error) => {
  if (!error.code || !error.hint) throw error;
  throw new RunError(`${error.message}\n${error.hint}`);
});

/** `repository@sha256:...`, checked against the registry. */
export const image = outputs.image;
