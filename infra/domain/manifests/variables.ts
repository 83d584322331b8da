import { secretFileVariable, secretsFolder } from "../package/environment.ts";
import { secretName } from "./configuration.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";

/** Variables with their values. */
export function plainVariables(values: Readonly<Record<string, string>>): readonly unknown[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** Variables that say where a secret's file is and, where the values want it, the secret itself. */
export function secretVariables(agent: ReleasedAgent, hashes: Hashes): readonly unknown[] {
  const { secrets, secretsAsEnvironment } = agent.values;
  const paths = Object.keys(secrets)
    .sort()
    .map((key) => ({ name: secretFileVariable(key), value: `${secretsFolder}/${key}` }));
  const name = secretName(agent, hashes);
  const direct = [...secretsAsEnvironment].sort().map((key) => ({
    name: key,
    valueFrom: {
      secretKeyRef: { name, key, ...(secrets[key] === "optional" && { optional: true }) },
    },
  }));
  return [...paths, ...direct];
}
