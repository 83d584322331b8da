type HoleKind = "number" | "text" | "list" | "map";

/** A field of an object that is a value of the chart. */
export interface Hole {
  /** Keys and indices from the root of the object or container. */
  readonly at: readonly (string | number)[];
  /** Where it is among the chart's values. */
  readonly value: readonly string[];
  /** What stands there; `?` marks what may be absent. */
  readonly kind: HoleKind | `${HoleKind}?`;
}

function hole(at: string, value: string, kind: Hole["kind"]): Hole {
  const keys = at.split("/").map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  return { at: keys, value: value.split("."), kind };
}

const annotations = (value: string) => hole("metadata/annotations", value, "map?");

const pod = "spec/template/spec";

/** The fields of each kind of object that differ between environments. */
export const holes: Readonly<Record<string, readonly Hole[]>> = {
  ServiceAccount: [annotations("serviceAccount.annotations")],
  NetworkPolicy: [
    hole("spec/ingress", "networkPolicy.ingress", "list"),
    hole("spec/egress", "networkPolicy.egress", "list"),
  ],
  Service: [
    annotations("service.annotations"),
    hole("spec/type", "service.type", "text"),
    hole("spec/ports/0/port", "service.port", "number"),
    hole("spec/ports/0/nodePort", "service.nodePort", "number?"),
  ],
  Ingress: [
    annotations("ingress.annotations"),
    hole("spec/ingressClassName", "ingress.className", "text?"),
    hole("spec/tls/0/hosts/0", "ingress.host", "text"),
    hole("spec/tls/0/secretName", "ingress.tlsSecret", "text"),
    hole("spec/rules/0/host", "ingress.host", "text"),
    hole("spec/rules/0/http/paths/0/path", "ingress.path", "text"),
  ],
  HTTPRoute: [
    hole("spec/parentRefs", "route.parentRefs", "list"),
    hole("spec/hostnames", "route.hosts", "list"),
    hole("spec/rules/0/matches/0/path/value", "route.path", "text"),
    hole("spec/rules/0/backendRefs/0/port", "service.port", "number"),
  ],
  Deployment: [
    hole("spec/progressDeadlineSeconds", "progressDeadlineSeconds", "number"),
    hole(`${pod}/terminationGracePeriodSeconds`, "terminationGracePeriodSeconds", "number"),
    hole(`${pod}/imagePullSecrets`, "imagePullSecrets", "list?"),
  ],
  PodDisruptionBudget: [
    hole("spec/maxUnavailable", "podDisruptionBudget.maxUnavailable", "number"),
  ],
  HorizontalPodAutoscaler: [
    hole("spec/minReplicas", "replicas.min", "number"),
    hole("spec/maxReplicas", "replicas.max", "number"),
    hole("spec/metrics", "autoscaling.metrics", "list"),
    hole(
      "spec/behavior/scaleDown/stabilizationWindowSeconds",
      "autoscaling.scaleDownWindowSeconds",
      "number",
    ),
  ],
  Job: [hole(`${pod}/imagePullSecrets`, "imagePullSecrets", "list?")],
};

/** The same for the agent's own container. */
export const containerHoles: readonly Hole[] = [
  hole("resources", "resources", "map"),
  hole("startupProbe/periodSeconds", "startupProbe.periodSeconds", "number"),
  hole("startupProbe/failureThreshold", "startupProbe.failureThreshold", "number"),
];

/** The same for an init container, a sidecar or a Job's container, whose values are at `prefix`. */
export function companionHoles(prefix: readonly string[]): readonly Hole[] {
  return [
    { at: ["command"], value: [...prefix, "command"], kind: "list?" },
    { at: ["args"], value: [...prefix, "args"], kind: "list?" },
    { at: ["resources"], value: [...prefix, "resources"], kind: "map" },
  ];
}

/** The fields of a Job that are values of its own. */
export function jobHoles(prefix: readonly string[]): readonly Hole[] {
  return [
    { at: ["spec", "backoffLimit"], value: [...prefix, "retries"], kind: "number" },
    { at: ["spec", "activeDeadlineSeconds"], value: [...prefix, "timeoutSeconds"], kind: "number" },
  ];
}
