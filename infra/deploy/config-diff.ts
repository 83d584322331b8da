import { createHmac, randomBytes } from "node:crypto";
import { readEnvFile } from "../adapters/env-file.ts";
import { readStackTexts } from "../adapters/workspace.ts";
import { diff, type Side } from "../domain/config/diff.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { planStack } from "../domain/stack/plan.ts";
import { openSecrets } from "./secrets.ts";

/**
 * Compares two environments of this checkout. Secrets are compared by a digest under a key that is
 * made up for this one comparison: each stack's own key would give equal secrets different digests.
 *
 * @param agent only this agent. @default everything
 * @throws {UserError} what `planStack`, `diff` and `readEnvFile` refuse.
 */
export async function diffEnvironments(left: string, right: string, agent?: string) {
  const key = randomBytes(32);
  const texts = await readStackTexts(left, right);
  const [one, other] = await Promise.all([readSide(left, texts), readSide(right, texts)]);
  return diff({
    left: one,
    right: other,
    allowed: parsePipeline(pipelineFile, texts[pipelineFile] ?? "").allowedDifferences,
    ...(agent !== undefined && { agent }),
    fingerprint: (text) => createHmac("sha256", key).update(text).digest("hex"),
  });
}

async function readSide(
  environment: string,
  texts: Readonly<Record<string, string>>,
): Promise<Side> {
  const stack = planStack({ environment, texts });
  const secrets = await readSecrets(environment);
  return { stack, ...(secrets && { secrets }) };
}

/** The secrets of a stack, none when it has none yet, undefined when they cannot be opened here. */
async function readSecrets(stack: string): Promise<Readonly<Record<string, string>> | undefined> {
  const values = await readEnvFile(stack);
  if (values) return values;
  const stored = await openSecrets(stack);
  return stored === "closed" ? undefined : (stored?.values ?? {});
}
