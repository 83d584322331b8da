import type { ManifestInput, ReleasedAgent } from "../manifests/input.ts";
import { instanceLabel } from "../manifests/labels.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { isPlainMap } from "../plain-map.ts";

/** A Secret that objects refer to. */
export interface NeededSecret {
  readonly namespace: string;
  readonly name: string;
  /** What it has to hold, as far as that is known, in order of the keys. */
  readonly keys: readonly { readonly key: string; readonly need: "required" | "optional" }[];
}

/** Every Secret of its namespace that an object names, in order of the names. */
export function neededSecrets(
  objects: readonly KubernetesObject[],
  { environment, agents }: ManifestInput,
): readonly NeededSecret[] {
  const keys = new Map<string, Map<string, "required" | "optional">>();
  const add = (name: string, found: Iterable<readonly [string, "required" | "optional"]>) => {
    keys.set(name, new Map([...(keys.get(name) ?? []), ...found]));
  };
  for (const object of objects) {
    if (object.kind === "Secret") add(object.metadata.name, declaredKeys(object, agents));
    else for (const { name, key } of references(object)) add(name, key ? [[key, "required"]] : []);
  }
  return [...keys]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, found]) => ({
      namespace: environment.namespace,
      name,
      keys: [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, need]) => ({ key, need })),
    }));
}

function declaredKeys({ metadata }: KubernetesObject, agents: readonly ReleasedAgent[]) {
  const owner = agents.find(({ name }) => name === metadata.labels[instanceLabel]);
  return Object.entries(owner?.values.secrets ?? {});
}

interface Reference {
  readonly name: string;
  readonly key?: string;
}

/**
 * The ways in which pods and Ingresses name Secrets.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#using-a-secret
 */
function* references(value: unknown): Generator<Reference> {
  if (Array.isArray(value)) {
    for (const item of value) yield* references(item);
  } else if (isPlainMap(value)) {
    for (const [field, inner] of Object.entries(value)) {
      yield* named(field, inner);
      yield* references(inner);
    }
  }
}

function* named(field: string, value: unknown): Generator<Reference> {
  if (field === "secretName" && typeof value === "string") yield { name: value };
  if (field === "imagePullSecrets" && Array.isArray(value)) {
    for (const { name } of value) yield { name, key: ".dockerconfigjson" };
  }
  if ((field === "secretKeyRef" || field === "secretRef") && isPlainMap(value)) {
    const { name, key } = value;
    if (typeof name === "string") yield { name, ...(typeof key === "string" && { key }) };
  }
}
