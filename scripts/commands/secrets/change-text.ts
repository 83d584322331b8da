import type { SecretsChange } from "../../../infra/deploy/secrets-edit.ts";

/** What became of the secrets of a stack, and what is left to do. */
export function changeText({ stack, added, changed, removed, rolls }: SecretsChange): string {
  const parts = [
    ...added.map((key) => `  ${key} added`),
    ...changed.map((key) => `  ${key} changed`),
    ...removed.map((key) => `  ${key} removed`),
  ];
  const head =
    parts.length === 0 ? `The secrets of ${stack} are unchanged` : `stacks/Pulumi.${stack}.yaml:`;
  const next =
    rolls.length === 0 ? [] : [`  npx slipway deploy ${stack} rolls ${rolls.join(", ")}`];
  return [head, ...parts, ...next].join("\n");
}
