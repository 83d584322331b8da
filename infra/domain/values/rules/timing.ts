import { minReadySeconds } from "../../manifests/timing.ts";
import type { Package } from "../../package/package.ts";
import type { Violation } from "../../text/check.ts";
import type { Values } from "../values.ts";

/** Overrides that leave less time, or more pods to go, than the package and the values promise. */
export function timingProblems(
  { overrides, replicas }: Values,
  { agent }: Package,
): readonly Violation[] {
  const { terminationGraceSeconds: grace, progressDeadlineSeconds: deadline } = overrides;
  const { startupPeriodSeconds: period, maxUnavailable } = overrides;
  const { longestTaskSeconds: task, startupBudgetSeconds: startup, drain } = agent;
  const drainSeconds = drain?.seconds ?? 0;
  const problems: Violation[] = [];
  const refuse = (key: string, message: string) =>
    problems.push({ path: ["overrides", key], message });
  if (grace !== undefined && grace < drainSeconds + task) {
    refuse(
      "terminationGraceSeconds",
      `a task may take ${task} s and the drain ${drainSeconds} s, but pods are killed after ${grace} s; set "overrides.terminationGraceSeconds" to ${drainSeconds + task} or more, or leave it out`,
    );
  }
  if (deadline !== undefined && deadline < startup + minReadySeconds) {
    refuse(
      "progressDeadlineSeconds",
      `the agent may take ${startup} s to start and has to stay ready for ${minReadySeconds} s, but a rollout fails after ${deadline} s; set "overrides.progressDeadlineSeconds" to ${startup + minReadySeconds} or more, or leave it out`,
    );
  }
  if (period !== undefined && period > startup) {
    refuse(
      "startupPeriodSeconds",
      `"overrides.startupPeriodSeconds" (${period}) is longer than the whole startup budget (${startup} s)`,
    );
  }
  if (maxUnavailable !== undefined && maxUnavailable >= replicas.min) {
    refuse(
      "maxUnavailable",
      `"overrides.maxUnavailable" (${maxUnavailable}) lets every pod go at once when there are "replicas.min" (${replicas.min})`,
    );
  }
  return problems;
}
