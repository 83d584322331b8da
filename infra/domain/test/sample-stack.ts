import { createHash, createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../adapters/paths.ts";
import { completeStack } from "../manifests/complete.ts";
import type { Hashes } from "../manifests/input.ts";
import { manifests } from "../manifests/manifests.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { renderRelease } from "../release/release.ts";
import { planStack, type Stack } from "../stack/plan.ts";
import { namedRelease } from "./sample-release.ts";

/** The environments that the repository ships. */
export const environments = ["dev", "staging", "prod"] as const;

/** A secret value that no rendered text may hold in clear. */
export const canary = "canary-6f1d0c";

/** The hashes that a deployment uses, with a key that only tests use. */
export const hashes: Hashes = {
  config: (text) => createHash("sha256").update(text).digest("hex"),
  secret: (text) => createHmac("sha256", "a key for tests").update(text).digest("hex"),
};

/** Texts of the repository's own stacks and packages, with a release of the sample agent each. */
export function sampleTexts(changes: Readonly<Record<string, string>> = {}) {
  const texts: Record<string, string> = {};
  for (const folder of ["stacks", "infra/packages"]) {
    for (const path of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (/(^|\/)(pipeline|values|package)\.yaml$/.test(path) && path.split("/").length <= 3) {
        texts[`${folder}/${path}`] = readFileSync(join(root, folder, path), "utf8");
      }
    }
  }
  for (const environment of environments) {
    texts[`stacks/${environment}/fastapi-agent/release.json`] = renderRelease(
      namedRelease("fastapi-agent"),
    );
  }
  return { ...texts, ...changes };
}

/** Plans one of the repository's own stacks, with some files changed. */
export function sampleStack(
  environment: string,
  changes: Readonly<Record<string, string>> = {},
  set: readonly string[] = [],
): Stack {
  return planStack({ environment, texts: sampleTexts(changes), set });
}

/** The objects of one of the repository's own stacks. */
export function sampleObjects(
  environment: string,
  set: readonly string[] = [],
  secrets: Readonly<Record<string, string>> = { OPENAI_API_KEY: canary },
): readonly KubernetesObject[] {
  return manifests(completeStack(sampleStack(environment, {}, set), secrets), hashes);
}

/** A copy of the one object of a kind (and name) whose fields can be reached and changed freely. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into objects whose types say nothing.
export function objectOf(objects: readonly KubernetesObject[], kind: string, name?: string): any {
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  if (found.length !== 1) throw new Error(`${found.length} objects of kind ${kind} ${name ?? ""}`);
  return structuredClone(found[0]);
}
