// The entry point of `pulumi up` by hand. `slipway deploy` runs the same program in its own process.
import { RunError } from "@pulumi/pulumi";
import { load } from "../../scripts/load.mjs";

const { program } = await load("infra/deploy/index.ts");

/** The stack's outputs. */
export const { namespace, images } = await program().catch((error) => {
  if (!error.code || !error.hint) throw error;
  throw new RunError(`${error.message}\n${error.hint}`);
});
