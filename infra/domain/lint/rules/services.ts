import type { KubernetesObject } from "../../manifests/object.ts";
import type { PlainMap } from "../../plain-map.ts";
import { at, listAt, mapAt, mapsAt, selects, textAt } from "../read.ts";
import { type Complaint, inObjects, type Rule } from "../rule.ts";
import type { AgentSubject } from "../subject.ts";

const services = "https://kubernetes.io/docs/concepts/services-networking/service/";
const deployments =
  "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector";
const routes = "https://gateway-api.sigs.k8s.io/api-types/httproute/";

/** Labels that change with a release; a Deployment's selector can never change. */
const changing = ["app.kubernetes.io/version", "helm.sh/chart"];

function* selectorProblems(deployment: KubernetesObject): Generator<Complaint> {
  const wanted = mapAt(deployment, "spec.selector.matchLabels");
  if (!selects(wanted, mapAt(deployment, "spec.template.metadata.labels"))) {
    yield ["spec.selector", "does not find the pods of its own template"];
  }
  for (const label of changing.filter((name) => name in wanted)) {
    yield ["spec.selector", `holds ${label}, which the next release changes`];
  }
}

function* serviceProblems(service: KubernetesObject, { pods }: AgentSubject): Generator<Complaint> {
  const found = pods.filter(({ labels }) => selects(mapAt(service, "spec.selector"), labels));
  if (found.length === 0) {
    yield ["spec.selector", "finds no pods of the agent"];
    return;
  }
  const own = found.flatMap(({ containers }) =>
    containers.flatMap(({ container }) => mapsAt(container, "ports")),
  );
  for (const { name, port, targetPort = port } of mapsAt(service, "spec.ports")) {
    if (own.some((one) => one.name === targetPort || one.containerPort === targetPort)) continue;
    yield [`spec.ports.${name}.targetPort`, `${targetPort} is no port of the pods`];
  }
}

/** An Ingress and an HTTPRoute write the same thing in two ways. */
function* backendProblems(
  route: KubernetesObject,
  { objects }: AgentSubject,
): Generator<Complaint> {
  for (const [name, port] of backends(route)) {
    const service = objects.find(
      ({ kind, metadata }) => kind === "Service" && metadata.name === name,
    );
    const offered = mapsAt(service, "spec.ports").some(
      (one) => one.port === port || one.name === port,
    );
    if (!offered) yield ["spec.rules", `no Service of the agent is ${name}, port ${port}`];
  }
}

function backends(route: KubernetesObject): readonly (readonly [unknown, unknown])[] {
  const rules = mapsAt(route, "spec.rules");
  if (route.kind === "HTTPRoute") {
    const refs = rules.flatMap((rule) => mapsAt(rule, "backendRefs"));
    return refs.map(({ name, port }) => [name, port]);
  }
  return rules
    .flatMap((rule) => mapsAt(rule, "http.paths"))
    .map((path) => mapAt(path, "backend.service"))
    .map((service) => [service.name, at(service, "port.number") ?? at(service, "port.name")]);
}

/** Hosts of an Ingress that it serves without TLS; one without a name serves every host. */
function hostsInClear(ingress: KubernetesObject): readonly string[] {
  const secured = mapsAt(ingress, "spec.tls")
    .filter((tls) => textAt(tls, "secretName") !== "")
    .flatMap((tls) => listAt(tls, "hosts"));
  return mapsAt(ingress, "spec.rules")
    .map((rule) => textAt(rule, "host"))
    .filter((host) => host === "" || !secured.includes(host));
}

function namesListener(parent: PlainMap): boolean {
  return textAt(parent, "sectionName") !== "";
}

/** Rules about how an agent is reached. */
export const serviceRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW035",
    title: "Whatever selects or names something finds it, now and after the next release",
    severity: "error",
    why: "A selector or a port that matches nothing is no error to Kubernetes: requests just end nowhere. A Deployment's selector that holds a version can never be released again.",
    fix: "remove the patch that changes labels, selectors, ports or names",
    sources: [services, deployments],
    check: function* (subject) {
      yield* inObjects<AgentSubject>(["Deployment"], selectorProblems)(subject);
      yield* inObjects(["Service"], serviceProblems)(subject);
      yield* inObjects(["Ingress", "HTTPRoute"], backendProblems)(subject);
    },
  },
  {
    id: "SLW036",
    title: "A Service is exposed only where the values say so",
    severity: "error",
    why: "A NodePort or a load balancer is a way into the cluster past every Ingress and its TLS. Whoever opens one should do it where everybody looks.",
    fix: "remove the patch; set service.type",
    sources: [services],
    check: inObjects(["Service"], function* (service, { agent }) {
      const type = textAt(service, "spec.type") || "ClusterIP";
      if (type === "ClusterIP" || type === agent.values.service.type) return;
      yield ["spec.type", `is ${type}, and service.type is ${agent.values.service.type}`];
    }),
  },
  {
    id: "SLW037",
    title: "From outside, every host is reached by TLS",
    severity: "error",
    why: "Prompts and answers are what people say in confidence. An HTTPRoute without a listener's name attaches to every listener of its Gateway, also to one in clear.",
    fix: "set ingress.tlsSecret, or route.gateway.listener to the Gateway's HTTPS listener",
    sources: ["https://kubernetes.io/docs/concepts/services-networking/ingress/#tls", routes],
    check: function* (subject) {
      yield* inObjects<AgentSubject>(["Ingress"], function* (ingress) {
        for (const host of hostsInClear(ingress)) {
          yield ["spec.tls", `${host || "a rule for every host"} has no certificate`];
        }
      })(subject);
      yield* inObjects<AgentSubject>(["HTTPRoute"], function* (route) {
        const parents = mapsAt(route, "spec.parentRefs");
        if (parents.length > 0 && parents.every(namesListener)) return;
        yield ["spec.parentRefs", "names no listener of its Gateway"];
      })(subject);
    },
  },
];
