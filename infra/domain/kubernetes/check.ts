import { type Problem, refuseProblems } from "../errors.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { isPlainMap } from "../plain-map.ts";
import type { Violation } from "../text/check.ts";
import type { Path } from "../text/document.ts";
import { didYouMean } from "../text/nearest.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { removedApi } from "./removed.ts";
import { kinds, minors } from "./types.generated.ts";

/**
 * Refuses objects that the API server of an environment would refuse for their shape.
 *
 * @throws {UserError} `invalid-input` with every violation of every object.
 */
export function refuseObjects(objects: readonly KubernetesObject[], version: string): void {
  const problems = objects.flatMap((object): readonly Problem[] =>
    checkObject(object, version).map(({ message }) => ({
      file: `${object.kind} ${object.metadata.name}`,
      message,
    })),
  );
  refuseProblems(problems, `correct the "patches" that touch it; Kubernetes is ${version} there`);
}

/**
 * Everything in an object that the API server of a Kubernetes version would refuse for its shape:
 * an API that it does not serve, fields that it does not know or misses, values of another type.
 * What no schema says, such as that a volume mount needs its volume, only the server finds.
 *
 * @param version such as `1.34`. One newer than all known ones is checked as the newest of them,
 * one older as the oldest.
 */
export function checkObject(object: KubernetesObject, version: string): readonly Violation[] {
  const minor = knownMinor(version);
  const { apiVersion, kind } = object;
  const type = kinds[`${apiVersion}/${kind}`];
  if (type === undefined)
    return [{ path: ["apiVersion"], message: unserved(apiVersion, kind, minor) }];
  // Without a spec the server takes an empty one, and misses the same in it.
  const whole = fieldsOf(type)?.has("spec") ? { spec: {}, ...object } : object;
  const found: Violation[] = [...nameViolations(object)];
  walk(type, whole, { minor, path: [], found });
  return found;
}

/** The server would make up a name only from `generateName`, which no object of ours has. */
function nameViolations({ metadata }: Partial<KubernetesObject>): readonly Violation[] {
  const path = ["metadata", "name"];
  return metadata?.name ? [] : [{ path, message: '"metadata.name" is missing' }];
}

function knownMinor(version: string): number {
  const minor = Number(version.split(".")[1]);
  return Math.min(Math.max(minor, Math.min(...minors)), Math.max(...minors));
}

function unserved(apiVersion: string, kind: string, minor: number): string {
  const removed = removedApi(apiVersion, kind, minor);
  if (removed !== undefined) return removed;
  const served = Object.keys(kinds).find((known) => known.endsWith(`/${kind}`));
  if (served === undefined) return `${apiVersion} ${kind} is no object that Slipway makes`;
  return `${kind} is not served as "${apiVersion}", but as ${served.slice(0, -kind.length - 1)}`;
}

interface Walk {
  readonly minor: number;
  /** Where the walk is: one list for all of it, which is copied only for what is found. */
  readonly path: (string | number)[];
  readonly found: Violation[];
}

function walk(type: string, value: unknown, to: Walk): void {
  if (type.startsWith("[]")) {
    if (Array.isArray(value)) walkInto(type.slice(2), value.entries(), to);
    else to.found.push(misfit(to.path, "a list", value));
  } else if (type.startsWith("{}")) {
    if (isPlainMap(value)) walkInto(type.slice(2), Object.entries(value), to);
    else to.found.push(misfit(to.path, "a map of keys", value));
  } else {
    const fields = fieldsOf(type);
    if (fields === undefined) checkScalar(type, value, to);
    else if (isPlainMap(value)) walkFields(type, fields, value, to);
    else to.found.push(misfit(to.path, "a map of keys", value));
  }
}

function walkInto(type: string, entries: Iterable<[string | number, unknown]>, to: Walk): void {
  for (const [key, inner] of entries) {
    to.path.push(key);
    walk(type, inner, to);
    to.path.pop();
  }
}

/** Types of which a value says nothing without one of these fields, however many others it has. */
const alternatives: Readonly<Record<string, readonly string[]>> = {
  EnvFromSource: ["configMapRef", "secretRef"],
  LifecycleHandler: ["exec", "httpGet", "sleep", "tcpSocket"],
  NetworkPolicyPeer: ["ipBlock", "namespaceSelector", "podSelector"],
  Probe: ["exec", "grpc", "httpGet", "tcpSocket"],
};

function walkFields(
  type: string,
  fields: ReadonlyMap<string, Field>,
  value: Readonly<Record<string, unknown>>,
  to: Walk,
): void {
  const needed = alternatives[type];
  if (needed && !needed.some((name) => isPlainMap(value[name]))) {
    const message = `"${to.path.join(".")}" needs one of ${needed.join(", ")}`;
    to.found.push({ path: [...to.path], message });
  }
  for (const [name, field] of fields) {
    if (!field.required || !isServed(field, to.minor)) continue;
    // The server takes null for absent, and misses something in an empty list.
    if ([value[name] ?? []].flat().length > 0) continue;
    const path = [...to.path, name];
    to.found.push({ path, message: `"${path.join(".")}" is missing` });
  }
  for (const name of Object.keys(value)) {
    const field = fields.get(name);
    const inner = value[name];
    to.path.push(name);
    if (field === undefined || !isServed(field, to.minor)) {
      to.found.push(unknownField([...to.path], fields, field, to.minor));
    } else if (inner !== null && inner !== undefined) walk(field.type, inner, to);
    to.path.pop();
  }
}

function isServed({ since, until }: Field, minor: number): boolean {
  return since <= minor && minor <= until;
}

function unknownField(
  path: Path,
  fields: ReadonlyMap<string, Field>,
  field: Field | undefined,
  minor: number,
): Violation {
  const name = `"${path.join(".")}"`;
  if (field === undefined) {
    const hint = didYouMean(String(path.at(-1)), fields.keys());
    return { path, message: `Kubernetes knows no field ${name}${hint}` };
  }
  const when = field.since > minor ? `from 1.${field.since} on` : `until 1.${field.until}`;
  return { path, message: `Kubernetes knows the field ${name} only ${when}, not in 1.${minor}` };
}

function checkScalar(type: string, value: unknown, { path, found }: Walk): void {
  if (type === "any") return;
  const scalar = scalars[type];
  if (scalar !== undefined) {
    if (!scalar.fits(value)) found.push(misfit(path, scalar.name, value));
    return;
  }
  const choices = type.slice(1, -1).split("|");
  if (choices.includes(value as string)) return;
  const hint = typeof value === "string" ? didYouMean(value, choices) : "";
  const { message, ...rest } = misfit(path, `one of ${choices.join(", ")}`, value);
  found.push({ ...rest, message: `${message}${hint}` });
}

interface Scalar {
  readonly name: string;
  readonly fits: (value: unknown) => boolean;
}

const scalars: Readonly<Record<string, Scalar>> = {
  string: { name: "text", fits: (value) => typeof value === "string" },
  boolean: { name: "true or false", fits: (value) => typeof value === "boolean" },
  integer: { name: "a whole number", fits: Number.isSafeInteger },
  number: { name: "a number", fits: Number.isFinite },
  time: { name: "a time", fits: (value) => typeof value === "string" },
  quantity: { name: "a quantity such as 500m or 1Gi", fits: isQuantity },
  intOrString: {
    name: "a whole number or text",
    fits: (value) => typeof value === "string" || Number.isSafeInteger(value),
  },
};

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const quantity = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(n|u|m|k|[MGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$/;

function isQuantity(value: unknown): boolean {
  return Number.isFinite(value) || (typeof value === "string" && quantity.test(value));
}

function misfit(path: Path, expected: string, value: unknown): Violation {
  return {
    path: [...path],
    message: `"${path.join(".")}" must be ${expected}, found ${describe(value)}`,
  };
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isPlainMap(value)) return "a map of keys";
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}..."`;
}
