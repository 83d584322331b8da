import type { LockedDependency } from "../artifact/dependency-lock.ts";
import { RefusedError } from "../errors.ts";
import type { ReleasedAgent } from "../manifests/input.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import type { Environment, Waiver } from "../stack/environment.ts";
import { describeFinding, type Finding, finding } from "./finding.ts";
import type { Rule } from "./rule.ts";
import { agentRules, stackRules } from "./rules.ts";
import { groupByAgent, podsOf } from "./subject.ts";
import { applyWaivers, type WaivedFinding } from "./waivers.ts";

/** One stack as it is rendered, with what else rules look at. */
export interface LintInput {
  readonly environment: Environment;
  readonly agents: readonly ReleasedAgent[];
  readonly objects: readonly KubernetesObject[];
  /** What each agent's dependencies are locked to. An agent without a lock file is left out. */
  readonly locks: Readonly<Record<string, readonly LockedDependency[]>>;
  readonly waivers: readonly Waiver[];
  /** The day on which waivers are judged, as YYYY-MM-DD. */
  readonly today: string;
}

/** What was found in one stack. */
export interface LintReport {
  /** The stack's own first, then agent by agent; by rule, then as the objects come. */
  readonly findings: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
}

/** Holds every rule against one stack. */
export function lintStack({ waivers, today, ...stack }: LintInput): LintReport {
  return applyWaivers([...allFindings(stack)], waivers, today);
}

function* allFindings({
  environment,
  agents,
  objects,
  locks,
}: Omit<LintInput, "waivers" | "today">): Generator<Finding> {
  const groups = groupByAgent(objects);
  const shared = groups.get(undefined) ?? [];
  yield* findingsOf(stackRules, { environment, objects: shared });
  for (const agent of agents) {
    const own = groups.get(agent.name) ?? [];
    const lock = locks[agent.name];
    const subject = { environment, agent, shared, objects: own, pods: podsOf(own) };
    yield* findingsOf(agentRules, { ...subject, ...(lock && { lock }) }, agent.name);
  }
}

function* findingsOf<S extends { readonly environment: Environment }>(
  rules: readonly Rule<S>[],
  subject: S,
  agent?: string,
): Generator<Finding> {
  for (const rule of rules) {
    for (const { at, path, message } of rule.check(subject)) {
      const where = typeof at === "string" ? at : `${at.kind} ${at.metadata.name}`;
      const place = { environment: subject.environment.name, where, path, message };
      yield finding(rule, { ...place, ...(agent !== undefined && { agent }) });
    }
  }
}

/**
 * Ends a deployment that an environment's policy does not allow.
 *
 * @returns the findings that only warn: all of them where the policy is advisory.
 * @throws {RefusedError} `policy` with every error, where the policy is mandatory.
 */
export function enforcePolicy(
  { name, policy }: Environment,
  findings: readonly Finding[],
): readonly Finding[] {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (policy === "advisory" || errors.length === 0) return findings;
  const list = errors.map((error) => describeFinding(error).replaceAll(/^/gm, "  ")).join("\n");
  throw new RefusedError(
    "policy",
    `${name} does not allow what ${errors.length === 1 ? "1 rule forbids" : `${errors.length} findings forbid`}\n${list}`,
    `npx slipway package lint --environment ${name}`,
  );
}
