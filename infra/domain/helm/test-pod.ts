import { agentContainer } from "../manifests/container.ts";
import type { PlainMap } from "../plain-map.ts";
import { valueAt } from "./fill.ts";
import { withHelpers } from "./fragments.ts";
import type { Subject } from "./subject.ts";
import { block, control, entries, inline, type Node, renderTemplate } from "./template.ts";

/**
 * What `helm test` runs: a pod under the same locks as the agent's own that asks the Service for the
 * path of the readiness probe, and the NetworkPolicy that lets it. Undefined for an agent that
 * answers no requests.
 */
export function renderTest(subject: Subject): string | undefined {
  const { port, probes } = subject.agent.package.agent;
  if (port === undefined || typeof probes.ready !== "string") return undefined;
  return [testPolicy(subject, port), testPod(subject, probes.ready)]
    .map(renderTemplate)
    .join("---\n");
}

function testPolicy({ agent }: Subject, port: number): Node {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadata(agent.name, "-1"),
    spec: {
      podSelector: { matchLabels: ownLabels },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ podSelector: { matchLabels: splice(agent.name, "selectorLabels") } }],
          ports: [{ protocol: "TCP", port }],
        },
      ],
    },
  };
}

function testPod(subject: Subject, path: string): Node {
  const { agent, objects } = subject;
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  const pod = valueAt(deployment, ["spec", "template", "spec"]) as PlainMap;
  const containers = pod.containers as readonly PlainMap[];
  const own = containers.find(({ name }) => name === agentContainer) ?? {};
  const as = (value: unknown) => withHelpers(value, subject);
  const include = (helper: string) => `include "${agent.name}.${helper}" .`;
  const url = `printf "http://%s:%v${path}" (${include("fullname")}) .Values.service.port`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata(agent.name, "0"),
    spec: {
      serviceAccountName: as(pod.serviceAccountName),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: "Never",
      activeDeadlineSeconds: 120,
      securityContext: as(pod.securityContext),
      imagePullSecrets: control("with .Values.imagePullSecrets", block("toYaml .")),
      containers: [
        {
          name: "test",
          image: inline(`.Values.test.image | default (${include("image")})`),
          imagePullPolicy: as(own.imagePullPolicy),
          command: ["sh", "-c", script, "test", inline(url)],
          resources: block("toYaml .Values.resources"),
          securityContext: as(own.securityContext),
        },
      ],
    },
  };
}

const ownLabels: Node = {
  "app.kubernetes.io/name": inline('printf "%s-test" .Chart.Name'),
  "app.kubernetes.io/component": "test",
};

function splice(chart: string, helper: string): Node {
  return { [entries]: block(`include "${chart}.${helper}" .`) };
}

function metadata(chart: string, weight: string): Node {
  return {
    name: inline(`printf "%s-test" (include "${chart}.fullname" .)`),
    namespace: inline(".Release.Namespace"),
    labels: { ...(splice(chart, "commonLabels") as PlainMap), ...(ownLabels as PlainMap) } as Node,
    annotations: {
      "helm.sh/hook": "test",
      "helm.sh/hook-weight": weight,
      "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
    },
  };
}

/** Asks again for a while: a node may learn of a Service's pods a moment after they are ready. */
const script = `ask() {
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --max-time 10 "$1"
  elif command -v wget >/dev/null; then
    wget -q -O - -T 10 "$1"
  elif command -v python3 >/dev/null; then
    python3 -c 'import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=10).read().decode())' "$1"
  elif command -v node >/dev/null; then
    node -e 'const p = process; http.get(p.argv[1], (r) => { r.pipe(p.stdout); p.exitCode = r.statusCode === 200 ? 0 : 1 })' "$1"
  else
    echo "no curl, wget, python3 or node in this image: set test.image" >&2
    exit 127
  fi
}
tries=15
until ask "$1"; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || exit 1
  sleep 2
done
`;
