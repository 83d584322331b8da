import { type Problem, UserError } from "../errors.ts";
import { refuseObjects } from "../kubernetes/check.ts";
import { draft } from "../lint/draft.ts";
import type { Hashes } from "../manifests/input.ts";
import { instanceLabel } from "../manifests/labels.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { isPlainMap, type PlainMap } from "../plain-map.ts";
import { agentInput, aloneEnvironment, aloneInput } from "../stack/alone.ts";
import { planStack, type StackInput } from "../stack/plan.ts";
import { type Path, readDocument } from "../text/document.ts";
import { mismatch } from "./expectation.ts";
import type { ObjectExpectation, TestCase, TestFile } from "./test-file.ts";

/** How one test went. */
export interface TestResult {
  readonly file: string;
  readonly name: string;
  /** Empty when it passed; else what was expected and found, at its place in the file. */
  readonly failures: readonly Problem[];
}

/** What the tests are about. */
export interface TestSubject {
  readonly agent: string;
  /** Texts by path from the root of the repository, as `planStack` takes them. */
  readonly texts: StackInput["texts"];
  /** SHA-256 in lower-case hex. */
  readonly sha256: Hashes["config"];
}

/**
 * Runs the tests of one file.
 *
 * @param environment only the tests of this environment. @default all
 */
export function runTests(
  { cases, document }: TestFile,
  subject: TestSubject,
  environment?: string,
): readonly TestResult[] {
  return cases.flatMap((one, index) => {
    if (environment !== undefined && one.environment !== environment) return [];
    const at = (path: Path, message: string) =>
      document.problemAt(["cases", index, ...path], message);
    return [{ file: document.file, name: one.name, failures: failures(one, subject, at) }];
  });
}

type At = (path: Path, message: string) => Problem;

function failures(test: TestCase, subject: TestSubject, at: At): readonly Problem[] {
  const objects = rendered(test, subject);
  if (test.refused !== undefined) {
    if (typeof objects !== "string") return [at(["refused"], "expected a refusal, found none")];
    if (objects.includes(test.refused)) return [];
    return [at(["refused"], `expected a refusal with "${test.refused}", found: ${objects}`)];
  }
  if (typeof objects === "string") return [at(["name"], `refused: ${objects}`)];
  return (test.expect ?? []).flatMap((expected, index) => {
    const message = objectMismatch(expected, objects, subject.agent);
    return message === undefined ? [] : [at(["expect", index], message)];
  });
}

/** The objects of the agent and of its stack, or why there are none. */
function rendered(test: TestCase, subject: TestSubject): readonly KubernetesObject[] | string {
  try {
    const stack = planStack(withValues(test.set ?? {}, subject.agent, inputFor(test, subject)));
    if (!stack.agents.some(({ name }) => name === subject.agent)) {
      return `${stack.environment.name} does not run ${subject.agent}`;
    }
    const { objects } = draft(stack, subject.sha256);
    refuseObjects(objects, stack.environment.kubernetes);
    return objects.filter(({ metadata }) => {
      const owner = metadata.labels[instanceLabel];
      return owner === undefined || owner === subject.agent;
    });
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function inputFor({ environment }: TestCase, { agent, texts }: TestSubject): StackInput {
  if (environment === undefined || environment === aloneEnvironment)
    return aloneInput(agent, texts);
  return agentInput(agent, environment, texts);
}

/** Lays values over those that the agent has of its own in the stack. */
function withValues(set: PlainMap, agent: string, input: StackInput): StackInput {
  const file = `stacks/${input.environment}/${agent}/values.yaml`;
  const own = readDocument(file, input.texts[file] ?? "").value;
  if (!isPlainMap(own) || Object.keys(set).length === 0) return input;
  return { ...input, texts: { ...input.texts, [file]: JSON.stringify(layOver(own, set)) } };
}

/** Like the merging of layers, but `null` stays: what it removes is in a layer below. */
function layOver(lower: PlainMap, upper: PlainMap): PlainMap {
  const merged = new Map(Object.entries(lower));
  for (const [key, value] of Object.entries(upper)) {
    const below = merged.get(key);
    merged.set(key, isPlainMap(value) ? layOver(isPlainMap(below) ? below : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

function objectMismatch(
  expected: ObjectExpectation,
  objects: readonly KubernetesObject[],
  agent: string,
): string | undefined {
  const [kind = "", name] = expected.object.split(" ");
  const found = findObject(objects, kind, name, agent);
  if (typeof found === "string") return found;
  if (found === undefined && (expected.path !== undefined || expected.exists === undefined)) {
    return `there is no ${expected.object}`;
  }
  const message = mismatch(expected, found);
  return message && `${expected.object}: ${message}`;
}

/** The object that is meant, undefined when there is none, or why it cannot be told. */
function findObject(
  objects: readonly KubernetesObject[],
  kind: string,
  name: string | undefined,
  agent: string,
): KubernetesObject | string | undefined {
  const ofKind = objects.filter((object) => object.kind === kind);
  const [start = "", ...rest] = (name ?? agent).split("*");
  const named = ofKind.filter(({ metadata }) =>
    rest.length > 0 ? metadata.name.startsWith(start) : metadata.name === start,
  );
  const found = name === undefined && named.length === 0 ? ofKind : named;
  if (found.length < 2) return found[0];
  const names = found.map(({ metadata }) => metadata.name).join(", ");
  return `there are ${found.length} objects of kind ${kind}: write ${kind} and one of ${names}`;
}
