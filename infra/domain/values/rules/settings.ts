import { contractEnvironment, secretFileVariable } from "../../package/environment.ts";
import type { Package } from "../../package/package.ts";
import { sortedEntries } from "../../plain-map.ts";
import { isSecretName, isSecretValue } from "../../secrets/naming.ts";
import type { Violation } from "../../text/check.ts";
import type { Path } from "../../text/document.ts";
import type { Values } from "../values.ts";

/** Environment variables that are derived elsewhere, hold a secret in clear, or are set twice. */
export function settingProblems(values: Values, pkg: Package): readonly Violation[] {
  const companions = (["sidecars", "initContainers", "jobs"] as const).flatMap((group) =>
    sortedEntries(values[group]).flatMap(([name, { config = {} }]) =>
      configProblems([group, name, "config"], config, values, new Set()),
    ),
  );
  return [
    ...configProblems(["config"], values.config, values, contract(pkg)),
    ...companions,
    ...environmentProblems(values),
  ];
}

function contract({ agent }: Package): ReadonlySet<string> {
  return new Set(Object.keys(contractEnvironment(agent)));
}

function configProblems(
  path: Path,
  config: Readonly<Record<string, string>>,
  { secrets }: Values,
  derived: ReadonlySet<string>,
): readonly Violation[] {
  const files = new Set(Object.keys(secrets).map(secretFileVariable));
  return Object.entries(config).flatMap(([key, value]) => {
    const place = [...path, key];
    const name = place.join(".");
    if (derived.has(key) || files.has(key)) {
      return [{ path: place, message: `"${name}" is derived from package.yaml; change it there` }];
    }
    if (Object.hasOwn(secrets, key) || isSecretName(key) || isSecretValue(value)) {
      const message = `"${name}" looks like a secret; move its value to the stack's env file (stacks/.env.<stack>) and declare "secrets.${key}"`;
      return [{ path: place, message }];
    }
    return [];
  });
}

function environmentProblems({ secrets, secretsAsEnvironment }: Values): readonly Violation[] {
  return secretsAsEnvironment.flatMap((key, index) => {
    const path = ["secretsAsEnvironment", index];
    if (!Object.hasOwn(secrets, key)) {
      return [{ path, message: `"secretsAsEnvironment" names ${key}, but "secrets" does not` }];
    }
    if (secretsAsEnvironment.indexOf(key) === index) return [];
    return [{ path, message: `"secretsAsEnvironment" names ${key} twice` }];
  });
}
