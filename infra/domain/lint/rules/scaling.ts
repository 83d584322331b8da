import type { KubernetesObject } from "../../manifests/object.ts";
import { at, mapAt, mapsAt, selects, textAt } from "../read.ts";
import { type Complaint, inObjects, inPods, type Rule, unpatch } from "../rule.ts";
import type { AgentSubject } from "../subject.ts";

const autoscaler = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/";
const budget = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/";
const placement = "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/";
const spreading =
  "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/";

/** A check of each Deployment of an agent. */
function inDeployments(
  find: (deployment: KubernetesObject, subject: AgentSubject) => Iterable<Complaint>,
) {
  return inObjects<AgentSubject>(["Deployment"], find);
}

function autoscalerOf({ metadata }: KubernetesObject, { objects }: AgentSubject) {
  return objects.find(
    (object) =>
      object.kind === "HorizontalPodAutoscaler" &&
      at(object, "spec.scaleTargetRef.name") === metadata.name,
  );
}

function budgetOf(deployment: KubernetesObject, { objects }: AgentSubject) {
  const labels = mapAt(deployment, "spec.template.metadata.labels");
  return objects.find(
    (object) =>
      object.kind === "PodDisruptionBudget" &&
      selects(mapAt(object, "spec.selector.matchLabels"), labels),
  );
}

/** The fewest pods that a Deployment runs. */
function fewest(deployment: KubernetesObject, subject: AgentSubject): number {
  const scaled = autoscalerOf(deployment, subject);
  const path = scaled ? "spec.minReplicas" : "spec.replicas";
  return Number(at(scaled ?? deployment, path) ?? 1);
}

function* evictionProblems(
  deployment: KubernetesObject,
  subject: AgentSubject,
): Generator<Complaint> {
  const found = budgetOf(deployment, subject);
  if (found === undefined) {
    yield ["spec.selector", "no PodDisruptionBudget of the agent finds its pods"];
    return;
  }
  const replicas = fewest(deployment, subject);
  const name = `PodDisruptionBudget ${found.metadata.name}`;
  const most = at(found, "spec.maxUnavailable");
  const least = at(found, "spec.minAvailable");
  if (most === undefined && least === undefined) yield ["spec", `${name} sets no bound`];
  if (most === 0 || most === "0%") yield ["spec", `${name} lets no pod go, so no node can drain`];
  if (most === "100%" || Number(most) >= replicas) {
    yield ["spec", `${name} lets all ${replicas} pods go at once`];
  }
  if (least === "100%" || Number(least) >= replicas) {
    yield ["spec", `${name} keeps all ${replicas} pods, so no node can drain`];
  }
}

/** Rules about how many pods there are, where they run, and how they are replaced. */
export const scalingRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW018",
    title: "There are two pods at least",
    severity: "error",
    why: "With one pod every eviction, every crash and every node that goes down is an outage.",
    fix: "set replicas.min to 2 or more",
    sources: [autoscaler],
    check: inDeployments(function* (deployment, subject) {
      const count = fewest(deployment, subject);
      if (count < 2) yield ["spec.replicas", `may run as few as ${count}`];
    }),
  },
  {
    id: "SLW019",
    title: "The autoscaler alone decides the number of pods",
    severity: "error",
    why: "A number in the Deployment resets the scale on every apply, in the middle of the load that it was scaled for.",
    fix: "remove the patch; set replicas.min and replicas.max",
    sources: [
      "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling",
    ],
    check: inDeployments(function* (deployment, subject) {
      if (at(deployment, "spec.replicas") === undefined) return;
      if (autoscalerOf(deployment, subject)) yield ["spec.replicas", "the autoscaler owns this"];
    }),
  },
  {
    id: "SLW020",
    title: "The autoscaler has something to scale, a signal, and room",
    severity: "error",
    why: "An autoscaler that names nothing, watches nothing or may not move is no autoscaler, and nobody is told.",
    fix: "set replicas.max above replicas.min",
    sources: [autoscaler],
    check: inObjects(["HorizontalPodAutoscaler"], function* ({ spec }, { objects }) {
      const [kind, name] = [
        textAt(spec, "scaleTargetRef.kind"),
        textAt(spec, "scaleTargetRef.name"),
      ];
      if (!objects.some((object) => object.kind === kind && object.metadata.name === name)) {
        yield ["spec.scaleTargetRef", `there is no ${kind} ${name}`];
      }
      const [min, max] = [Number(at(spec, "minReplicas") ?? 1), Number(at(spec, "maxReplicas"))];
      if (!(max > min)) yield ["spec.maxReplicas", `${max} is not more than minReplicas (${min})`];
      if (mapsAt(spec, "metrics").length === 0) yield ["spec.metrics", "there is no signal"];
    }),
  },
  {
    id: "SLW021",
    title: "A node can be drained, and never takes all pods along",
    severity: "error",
    why: "Without a budget a node drain evicts every pod of the node at once. One that lets none go blocks the drain, and with it the upgrade of the cluster.",
    fix: "set overrides.maxUnavailable to 1, or to less than replicas.min",
    sources: [budget],
    check: inDeployments(evictionProblems),
  },
  {
    id: "SLW022",
    title: "Pods that never became ready may always be evicted",
    severity: "error",
    why: "Otherwise a broken release uses up the budget, and the node under it cannot drain.",
    fix: unpatch,
    sources: [`${budget}#unhealthy-pod-eviction-policy`],
    check: inObjects(["PodDisruptionBudget"], function* (found) {
      if (at(found, "spec.unhealthyPodEvictionPolicy") === "AlwaysAllow") return;
      yield ["spec.unhealthyPodEvictionPolicy", "is not AlwaysAllow"];
    }),
  },
  {
    id: "SLW023",
    title: "Pods of the agent keep off each other's nodes",
    severity: "error",
    why: "If all pods run on one node, that node's end is the agent's.",
    fix: unpatch,
    sources: [placement],
    check: inPods(function* ({ object, spec, labels }) {
      if (object.kind !== "Deployment") return;
      const path = "affinity.podAntiAffinity";
      const terms = [
        ...mapsAt(spec, `${path}.requiredDuringSchedulingIgnoredDuringExecution`),
        ...mapsAt(spec, `${path}.preferredDuringSchedulingIgnoredDuringExecution`).map((wish) =>
          mapAt(wish, "podAffinityTerm"),
        ),
      ];
      if (terms.some((term) => selects(mapAt(term, "labelSelector.matchLabels"), labels))) return;
      yield [path, "names no pods of its own"];
    }),
  },
  {
    id: "SLW024",
    title: "Pods are spread evenly, and start where they cannot be",
    severity: "error",
    why: "Keeping apart says nothing once every node has a pod. A condition in place of a wish leaves pods pending when a node is full.",
    fix: unpatch,
    sources: [spreading],
    check: inPods(function* ({ object, spec, labels }) {
      if (object.kind !== "Deployment") return;
      const path = "topologySpreadConstraints";
      const constraints = mapsAt(spec, path);
      if (constraints.length === 0) yield [path, "there is none"];
      for (const [index, constraint] of constraints.entries()) {
        if (!selects(mapAt(constraint, "labelSelector.matchLabels"), labels)) {
          yield [`${path}.${index}.labelSelector`, "finds no pods of the agent"];
        }
      }
    }),
  },
  {
    id: "SLW025",
    title: "A rollout brings a new pod before it takes an old one",
    severity: "error",
    why: "The default lets a quarter of the pods go first, and Recreate all of them: of two pods, that is half or all of the capacity.",
    fix: unpatch,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment",
    ],
    check: inDeployments(function* (deployment) {
      const path = "spec.strategy";
      if (at(deployment, `${path}.type`) !== "RollingUpdate") {
        yield [`${path}.type`, "is not RollingUpdate"];
        return;
      }
      const unavailable = at(deployment, `${path}.rollingUpdate.maxUnavailable`);
      if (unavailable === 0 || unavailable === "0%") return;
      yield [`${path}.rollingUpdate.maxUnavailable`, "takes old pods before new ones are ready"];
    }),
  },
];
