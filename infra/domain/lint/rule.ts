import type { KubernetesObject } from "../manifests/object.ts";
import type { AgentSubject, Pod, PodContainer } from "./subject.ts";

/** An error stops a deployment where the environment's policy is mandatory; a warning never does. */
export type Severity = "error" | "warning";

/** What a rule is about, for `package lint --explain`. */
export interface RulePage {
  /** `SLW` and three digits, never used again for another rule. */
  readonly id: string;
  /** What holds where the rule is kept, as a sentence without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** What goes wrong where it is not kept. */
  readonly why: string;
  /** How to keep it, in the words of values and packages. Stands under every finding. */
  readonly fix: string;
  readonly sources: readonly string[];
}

/** One thing to keep, and the function that finds where it is not kept. */
export interface Rule<S> extends RulePage {
  readonly check: (subject: S) => Iterable<Offence>;
}

/** One place where a rule is not kept. */
export interface Offence {
  /** The object, or the path of a file from the root of the repository. */
  readonly at: KubernetesObject | string;
  /** Dotted path inside of it; items of lists by their name. */
  readonly path: string;
  /** What stands there and what it means. Never a value that may be a secret. */
  readonly message: string;
}

/** How to keep a rule that only a patch can break. */
export const unpatch = "remove the patch that sets this; Slipway sets it itself";

/** An offence inside of what a rule looks at: where, from there on, and what. */
export type Complaint = readonly [path: string, message: string];

/** A check that looks at each pod of an agent by itself. */
export function inPods(find: (pod: Pod, subject: AgentSubject) => Iterable<Complaint>) {
  return function* (subject: AgentSubject): Generator<Offence> {
    for (const pod of subject.pods) yield* placed(find(pod, subject), pod.object, pod.path);
  };
}

/** A check that looks at each container of an agent's pods by itself. */
export function inContainers(
  find: (container: PodContainer, pod: Pod, subject: AgentSubject) => Iterable<Complaint>,
) {
  return inPods(function* (pod, subject) {
    for (const container of pod.containers) {
      for (const [path, message] of find(container, pod, subject)) {
        yield [join(container.path, path), message];
      }
    }
  });
}

/** A check that looks at each object of some kinds by itself. */
export function inObjects<S extends { readonly objects: readonly KubernetesObject[] }>(
  kinds: readonly string[],
  find: (object: KubernetesObject, subject: S) => Iterable<Complaint>,
) {
  return function* (subject: S): Generator<Offence> {
    for (const object of subject.objects) {
      if (kinds.includes(object.kind)) yield* placed(find(object, subject), object, "");
    }
  };
}

function* placed(
  complaints: Iterable<Complaint>,
  object: KubernetesObject,
  parent: string,
): Generator<Offence> {
  for (const [path, message] of complaints) {
    yield { at: object, path: join(parent, path), message };
  }
}

function join(parent: string, path: string): string {
  return [parent, path].filter((part) => part !== "").join(".");
}
