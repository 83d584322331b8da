import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { runEngine, stateFile, usesLocalState } from "../adapters/pulumi/engine.ts";
import type { Change } from "../adapters/pulumi/events.ts";
import { passphraseFile } from "../adapters/pulumi/stack-config.ts";
import type { DeployOptions } from "./deploy.ts";
import { lockStack } from "./lock.ts";
import { recordFile } from "./record.ts";

/**
 * Removes everything of a stack from its cluster. The stack's configuration and secrets stay.
 *
 * @throws {RefusedError} `stack-locked` while a deployment of the stack runs.
 */
export async function destroy({ stack, report, signal }: DeployOptions) {
  const none: readonly Change[] = [];
  if (usesLocalState() && !existsSync(stateFile({ project: "deploy", stack }))) return none;
  const lock = await lockStack(stack, "destroy");
  try {
    await rm(recordFile(stack), { force: true });
    const { changes } = await runEngine("destroy", {
      project: "deploy",
      stack,
      passphraseFile: await passphraseFile(stack),
      report,
      signal,
    });
    return changes;
  } finally {
    await lock.release();
  }
}
