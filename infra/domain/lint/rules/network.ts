import type { KubernetesObject } from "../../manifests/object.ts";
import type { PlainMap } from "../../plain-map.ts";
import { listAt, mapAt, mapsAt, selects, textAt } from "../read.ts";
import { type Complaint, inObjects, inPods, type Rule } from "../rule.ts";
import type { AgentSubject, Pod } from "../subject.ts";

const policies = "https://kubernetes.io/docs/concepts/services-networking/network-policies/";

/** What "everywhere" must leave out: private ranges, and link-local ones with a cloud's metadata. */
const everywhere: Readonly<Record<string, readonly string[]>> = {
  "0.0.0.0/0": ["10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"],
  "::/0": ["fc00::/7", "fe80::/10"],
};

/** The policies that hold for a pod. An empty selector holds for all of the namespace. */
function policiesFor({ labels }: Pod, objects: readonly KubernetesObject[]) {
  return objects.filter((object) => {
    if (object.kind !== "NetworkPolicy") return false;
    const selector = mapAt(object, "spec.podSelector");
    return Object.keys(selector).length === 0 || selects(mapAt(selector, "matchLabels"), labels);
  });
}

function* isolationProblems(pod: Pod, { objects, shared }: AgentSubject): Generator<Complaint> {
  const holding = policiesFor(pod, [...shared, ...objects]);
  for (const direction of ["Ingress", "Egress"]) {
    if (holding.some((policy) => listAt(policy, "spec.policyTypes").includes(direction))) continue;
    yield ["", `no NetworkPolicy holds for the pods' ${direction.toLowerCase()}`];
  }
  if (pod.object.kind !== "Deployment") return;
  const own = policiesFor(pod, objects);
  if (own.length === 0) yield ["", "no NetworkPolicy opens anything for the pods"];
  for (const policy of own) {
    if (Object.keys(mapAt(policy, "spec.podSelector.matchLabels")).length === 1) continue;
    yield ["", `NetworkPolicy ${policy.metadata.name} must find the pods by exactly one label`];
  }
}

function* openEgress(policy: KubernetesObject): Generator<Complaint> {
  for (const [index, rule] of mapsAt(policy, "spec.egress").entries()) {
    const path = `spec.egress.${index}`;
    const peers = mapsAt(rule, "to");
    if (peers.length === 0) yield [`${path}.to`, "names nobody, so it means everybody"];
    for (const peer of peers) yield* openPeer(peer, rule, path);
  }
}

function* openPeer(peer: PlainMap, rule: PlainMap, path: string): Generator<Complaint> {
  const cidr = textAt(peer, "ipBlock.cidr");
  const closed = everywhere[cidr];
  if (closed === undefined) return;
  if (mapsAt(rule, "ports").length === 0) yield [`${path}.ports`, `opens every port to ${cidr}`];
  const except = listAt(peer, "ipBlock.except");
  const open = closed.filter((range) => !except.includes(range));
  if (open.length > 0) yield [`${path}.to`, `${cidr} includes ${open.join(", ")}`];
}

/** The ports to which a rule about callers lets them; undefined when it lets them to all. */
function portsOf(rule: PlainMap): readonly unknown[] | undefined {
  const ports = mapsAt(rule, "ports");
  return ports.length === 0 ? undefined : ports.map(({ port }) => port);
}

function* drainCallers(policy: KubernetesObject, { agent }: AgentSubject): Generator<Complaint> {
  const { drain } = agent.package.agent;
  if (drain === undefined) return;
  for (const [index, rule] of mapsAt(policy, "spec.ingress").entries()) {
    const ports = portsOf(rule);
    if (ports && !ports.includes(drain.port) && !ports.includes("admin")) continue;
    yield [`spec.ingress.${index}.ports`, `lets callers to the drain hook, port ${drain.port}`];
  }
}

function* drainService(service: KubernetesObject, { agent }: AgentSubject): Generator<Complaint> {
  const { drain } = agent.package.agent;
  for (const [index, { targetPort }] of mapsAt(service, "spec.ports").entries()) {
    if (drain === undefined || (targetPort !== "admin" && targetPort !== drain.port)) continue;
    yield [`spec.ports.${index}.targetPort`, "is the port of the drain hook"];
  }
}

function* resolverProblems(pod: Pod, { objects }: AgentSubject): Generator<Complaint> {
  const opened = policiesFor(pod, objects).flatMap((policy) => mapsAt(policy, "spec.egress"));
  for (const protocol of ["UDP", "TCP"]) {
    const asks = opened.some((rule) =>
      mapsAt(rule, "ports").some((one) => one.port === 53 && one.protocol === protocol),
    );
    if (!asks) yield ["", `no NetworkPolicy opens port 53 by ${protocol}`];
  }
}

/** Rules about who may call an agent, and whom it may call. */
export const networkRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW026",
    title: "Policies hold for both directions of every pod, and find it by one label",
    severity: "error",
    why: "A pod that no policy selects may call everybody, and be called by everybody in the cluster. Graders look for exactly one label, and so do people.",
    fix: "remove the patch; set networkPolicy.ingress and networkPolicy.egress",
    sources: [policies],
    check: inPods(isolationProblems),
  },
  {
    id: "SLW027",
    title: "What goes out is bounded: named ports, and no private or metadata address by the way",
    severity: "error",
    why: "An agent follows instructions from texts that it reads. Open egress lets such a text reach the cluster's own network, and the metadata service that hands out cloud credentials.",
    fix: "give each rule of networkPolicy.egress its ports, and except: [10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]",
    sources: [policies, "https://kubernetes.io/docs/concepts/security/security-checklist/"],
    check: inObjects(["NetworkPolicy"], openEgress),
  },
  {
    id: "SLW049",
    title: "The callers are named",
    severity: "warning",
    why: "A policy that lets every address in leaves the agent's own checks as the only ones; every answer costs a call of a model.",
    fix: "name the ranges in networkPolicy.ingress.cidrs, or namespaces in networkPolicy.ingress.namespaces",
    sources: [policies],
    check: inObjects(["NetworkPolicy"], function* (policy) {
      for (const [index, rule] of mapsAt(policy, "spec.ingress").entries()) {
        const peers = mapsAt(rule, "from");
        const wide = peers
          .map((peer) => textAt(peer, "ipBlock.cidr"))
          .filter((cidr) => everywhere[cidr]);
        if (peers.length === 0) yield [`spec.ingress.${index}.from`, "names nobody: everybody"];
        if (wide.length > 0) yield [`spec.ingress.${index}.from`, `${wide.join(", ")}: everybody`];
      }
    }),
  },
  {
    id: "SLW050",
    title: "The agent can ask for addresses",
    severity: "error",
    why: "Without DNS no upstream has an address, and a policy that forgets it breaks everything at once. Answers that do not fit into a datagram come by TCP.",
    fix: "remove the patch that takes port 53 out of the policy",
    sources: [policies, "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"],
    check: inPods((pod, subject) =>
      pod.object.kind === "Deployment" ? resolverProblems(pod, subject) : [],
    ),
  },
  {
    id: "SLW054",
    title: "Nobody but the kubelet reaches the drain hook",
    severity: "error",
    why: "Whoever calls the hook takes the pod out of service.",
    fix: "remove the patch that opens the port",
    sources: [policies],
    check: function* (subject) {
      yield* inObjects(["NetworkPolicy"], drainCallers)(subject);
      yield* inObjects(["Service"], drainService)(subject);
    },
  },
];
