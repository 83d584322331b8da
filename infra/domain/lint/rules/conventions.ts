import { lockDifferences, lockFileName } from "../../artifact/dependency-lock.ts";
import { instanceLabel } from "../../manifests/labels.ts";
import type { KubernetesObject } from "../../manifests/object.ts";
import type { PlainMap } from "../../plain-map.ts";
import { at, mapAt, mapsAt, textAt } from "../read.ts";
import {
  type Complaint,
  inContainers,
  inObjects,
  inPods,
  type Offence,
  type Rule,
  unpatch,
} from "../rule.ts";
import type { AgentSubject, PodContainer } from "../subject.ts";

const commonLabels =
  "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/";
const jobs = "https://kubernetes.io/docs/concepts/workloads/controllers/job/";
const priority = "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/";

const recommended = ["name", "instance", "version", "component", "part-of", "managed-by"].map(
  (label) => `app.kubernetes.io/${label}`,
);

const roles = ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"];

/** What is wrong with the labels at a path of an object. */
function* labelProblems(
  object: KubernetesObject,
  path: string,
  labels: PlainMap,
  agent: string,
): Generator<Offence> {
  const missing = recommended.filter((label) => !labels[label]);
  if (missing.length > 0) yield { at: object, path, message: `${missing.join(", ")} missing` };
  const instance = labels[instanceLabel];
  if (instance === undefined || instance === agent) return;
  yield { at: object, path, message: `${instanceLabel} is ${instance}, not ${agent}` };
}

/** Names of variables that a container gets twice: its own list has one again, or a ConfigMap has. */
function* repeatedVariables(
  { container }: PodContainer,
  { objects }: AgentSubject,
): Generator<Complaint> {
  const sources = mapsAt(container, "envFrom").map((one) => textAt(one, "configMapRef.name"));
  const maps = objects.filter(
    ({ kind, metadata }) => kind === "ConfigMap" && sources.includes(metadata.name),
  );
  const own = mapsAt(container, "env").map(({ name }) => String(name));
  const seen = new Set(maps.flatMap((map) => Object.keys(mapAt(map, "data"))));
  for (const name of own) {
    if (seen.has(name)) yield [`env.${name}`, "is set twice"];
    seen.add(name);
  }
}

function* lockProblems({ agent, lock }: AgentSubject): Generator<Offence> {
  for (const message of lockDifferences(agent.package.dependencies, lock ?? [])) {
    yield { at: `infra/packages/${agent.name}/${lockFileName}`, path: "dependencies", message };
  }
}

/** Rules about names, about defaults, and about what an agent has no need of. */
export const conventionRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW034",
    title: "Every object and every pod carries the recommended labels",
    severity: "error",
    why: "Dashboards, policies and people find what belongs together by these labels, and Slipway finds its own by the instance.",
    fix: unpatch,
    sources: [commonLabels],
    check: function* ({ agent, objects, pods }) {
      for (const object of objects) {
        const path = "metadata.labels";
        yield* labelProblems(object, path, mapAt(object, path), agent.name);
      }
      for (const { object, path, labels } of pods) {
        yield* labelProblems(object, path.replace(/spec$/, "metadata.labels"), labels, agent.name);
      }
    },
  },
  {
    id: "SLW038",
    title: "No variable is set twice",
    severity: "error",
    why: "Which one wins depends on the order in which they are written, and nobody sees the other.",
    fix: "set the variable in one place, under config",
    sources: [
      "https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
    ],
    check: inContainers((container, _pod, subject) => repeatedVariables(container, subject)),
  },
  {
    id: "SLW039",
    title: "No agent has the priority of the cluster's own parts",
    severity: "error",
    why: "A pod with a system priority evicts others to get a place, among them what keeps the cluster going.",
    fix: "remove the patch, or name a PriorityClass of your own",
    sources: [priority],
    check: inPods(function* ({ spec }) {
      const name = textAt(spec, "priorityClassName");
      if (name.startsWith("system-")) yield ["priorityClassName", `is ${name}`];
    }),
  },
  {
    id: "SLW040",
    title: "Names with two dots are looked up as they are, and no variable tells of each Service",
    severity: "warning",
    why: "By default every name of a model host is looked up in all search domains of the cluster first, five times for one call. Variables for each Service grow with the namespace and tell a model's tools about their neighbours.",
    fix: unpatch,
    sources: ["https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"],
    check: inPods(function* ({ spec }) {
      const dots = mapsAt(spec, "dnsConfig.options").find(({ name }) => name === "ndots");
      if (Number(dots?.value ?? 5) > 2) yield ["dnsConfig.options", "ndots is not 2 or less"];
      if (at(spec, "enableServiceLinks") !== false) yield ["enableServiceLinks", "is not false"];
    }),
  },
  {
    id: "SLW041",
    title: "Somebody answers for the agent, and what happens when it ends is said",
    severity: "warning",
    why: "At night nobody guesses whose a pod is.",
    fix: "set labels.owner in stacks/<env>/values.yaml",
    sources: [commonLabels],
    check: inPods(function* ({ labels, spec }) {
      if (!labels.owner) yield ["", "the pods have no label owner"];
      if (textAt(spec, "restartPolicy") === "") yield ["restartPolicy", "is not set"];
    }),
  },
  {
    id: "SLW042",
    title: "The agent has no right in the cluster",
    severity: "error",
    why: "An agent does what texts from outside make it do. A role of its own turns a prompt into a call of the API server.",
    fix: "take the object out; give a cloud identity by serviceAccount.annotations",
    sources: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/"],
    check: inObjects(roles, function* ({ kind }) {
      yield ["", `a ${kind} gives rights in the cluster`];
    }),
  },
  {
    id: "SLW043",
    title: "A Job ends in time, and stays until the next release replaces it",
    severity: "error",
    why: "A Job without a deadline holds up the deployment that waits for it, for ever. One that removes itself looks like drift and would run again.",
    fix: "set jobs.<name>.timeoutSeconds; remove the patch that sets ttlSecondsAfterFinished",
    sources: [jobs],
    check: function* (subject) {
      yield* inObjects<AgentSubject>(["Job"], function* (job) {
        if (!(Number(at(job, "spec.activeDeadlineSeconds")) > 0)) {
          yield ["spec.activeDeadlineSeconds", "is not set"];
        }
        if (at(job, "spec.ttlSecondsAfterFinished") !== undefined) {
          yield ["spec.ttlSecondsAfterFinished", "removes the Job"];
        }
      })(subject);
      yield* inObjects<AgentSubject>(["CronJob"], function* (job) {
        if (Number(at(job, "spec.startingDeadlineSeconds")) > 0) return;
        yield ["spec.startingDeadlineSeconds", "is not set"];
      })(subject);
    },
  },
  {
    id: "SLW053",
    title: "Dependencies are locked to digests",
    severity: "error",
    why: "A range means another package tomorrow. What was tested together has to be what runs together.",
    fix: "npx slipway package lock <agent>",
    sources: ["https://semver.org"],
    check: lockProblems,
  },
];
