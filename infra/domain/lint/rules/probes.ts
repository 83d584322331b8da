import type { PlainMap } from "../../plain-map.ts";
import { at, mapsAt, textAt } from "../read.ts";
import { type Complaint, inContainers, inObjects, type Rule } from "../rule.ts";
import type { AgentSubject, PodContainer } from "../subject.ts";

const probes =
  "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/";
const termination =
  "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination";

/** What the kubelet does when a probe does not say. */
const defaults = { periodSeconds: 10, failureThreshold: 3 };

/** Whether a container serves: it does not end by itself, and it is no companion. */
function serves({ role }: PodContainer, kind: string): boolean {
  return role === "main" && kind !== "Job" && kind !== "CronJob";
}

/** A probe has to be there, and to ask a port that its container declares. */
function probeCheck(name: string) {
  return inContainers(function* (one, { object }) {
    const { container } = one;
    const probe = at(container, name);
    if (probe === undefined && serves(one, object.kind)) yield [name, "there is no such probe"];
    for (const kind of ["httpGet", "tcpSocket", "grpc"]) {
      const port = at(probe, `${kind}.port`);
      if (port === undefined || declares(container, port)) continue;
      yield [`${name}.${kind}.port`, `${port} is no port of the container`];
    }
  });
}

function declares(container: PlainMap, port: unknown): boolean {
  const own = mapsAt(container, "ports");
  return own.some(({ name, containerPort }) => port === name || port === containerPort);
}

/** A worker's commands may be the same: no traffic follows from its readiness. */
function* sameQuestion({ container }: PodContainer): Generator<Complaint> {
  const path = textAt(container, "livenessProbe.httpGet.path");
  if (path === "" || path !== textAt(container, "readinessProbe.httpGet.path")) return;
  yield ["livenessProbe.httpGet.path", `${path} is asked for readiness too`];
}

function* startupTime(
  { container, role }: PodContainer,
  { agent }: AgentSubject,
): Generator<Complaint> {
  const probe = at(container, "startupProbe");
  if (probe === undefined || role !== "main") return;
  const number = (field: keyof typeof defaults) => Number(at(probe, field) ?? defaults[field]);
  const allowed = number("periodSeconds") * number("failureThreshold");
  const promised = agent.package.agent.startupBudgetSeconds;
  if (allowed >= promised) return;
  yield [
    "startupProbe.failureThreshold",
    `gives up after ${allowed} s, but package.yaml allows ${promised} s`,
  ];
}

function* drainProblems(one: PodContainer, { agent }: AgentSubject): Generator<Complaint> {
  const { drain } = agent.package.agent;
  if (drain === undefined || one.role !== "main") return;
  const { container } = one;
  const path = "lifecycle.preStop.httpGet";
  if (textAt(container, `${path}.path`) !== drain.path) {
    yield ["lifecycle.preStop", `does not call the drain hook ${drain.path} of package.yaml`];
  } else if (!declares(container, at(container, `${path}.port`))) {
    yield [`${path}.port`, "is no port of the container"];
  }
}

/** Rules about how an agent is asked how it is, started and stopped. */
export const probeRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW015",
    title: "The agent tells when it is ready, on a port that it declares",
    severity: "error",
    why: "Without a readiness probe a pod gets requests from the moment its process exists, and keeps them while it cannot answer. A rollout then replaces good pods by bad ones.",
    fix: "set agent.probes.ready in package.yaml",
    sources: [probes],
    check: probeCheck("readinessProbe"),
  },
  {
    id: "SLW016",
    title: "The agent tells that it is alive, by another question than that for readiness",
    severity: "error",
    why: "A stuck process must be restarted; one that is only busy must not. If both ask the same, load or a lost upstream restarts every pod at once.",
    fix: "set agent.probes.live in package.yaml to a path that depends on nothing outside the process",
    sources: [probes],
    check: function* (subject) {
      yield* probeCheck("livenessProbe")(subject);
      yield* inContainers(sameQuestion)(subject);
    },
  },
  {
    id: "SLW017",
    title: "A start may take as long as the package says",
    severity: "error",
    why: "Without a startup probe liveness judges the start, and a slow one is restarted for ever.",
    fix: "set agent.probes.startup and agent.startupBudgetSeconds in package.yaml",
    sources: [probes],
    check: function* (subject) {
      yield* probeCheck("startupProbe")(subject);
      yield* inContainers((one, pod, { ...own }) =>
        serves(one, pod.object.kind) ? startupTime(one, own) : [],
      )(subject);
    },
  },
  {
    id: "SLW047",
    title: "A pod that goes drains, and has the time to finish its longest task",
    severity: "error",
    why: "After the grace period the process is killed, and whatever it works on is lost: an answer, a stream, a task that somebody paid a model for.",
    fix: "remove overrides.terminationGraceSeconds, or lower agent.longestTaskSeconds in package.yaml",
    sources: [termination],
    check: function* (subject) {
      yield* inObjects<AgentSubject>(["Deployment"], function* (deployment, { agent }) {
        const { drain, longestTaskSeconds } = agent.package.agent;
        const path = "spec.template.spec.terminationGracePeriodSeconds";
        const given = Number(at(deployment, path) ?? 30);
        const needed = (drain?.seconds ?? 0) + longestTaskSeconds;
        if (given >= needed) return;
        yield [
          path,
          `is ${given} s; the drain (${drain?.seconds ?? 0} s) and the longest task (${longestTaskSeconds} s) need ${needed} s`,
        ];
      })(subject);
      yield* inContainers((one, pod, own) =>
        serves(one, pod.object.kind) ? drainProblems(one, own) : [],
      )(subject);
    },
  },
  {
    id: "SLW048",
    title: "A rollout is given up later than a pod may take to start",
    severity: "error",
    why: "A deadline within the startup budget calls a rollout failed while its pods start as promised.",
    fix: "remove overrides.progressDeadlineSeconds, or raise it above agent.startupBudgetSeconds",
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds",
    ],
    check: inObjects(["Deployment"], function* (deployment, { agent }) {
      const budget = agent.package.agent.startupBudgetSeconds;
      const deadline = Number(at(deployment, "spec.progressDeadlineSeconds") ?? 600);
      const wait = Number(at(deployment, "spec.minReadySeconds") ?? 0);
      if (deadline > budget + wait) return;
      yield ["spec.progressDeadlineSeconds", `is ${deadline} s; a start may take ${budget} s`];
    }),
  },
];
