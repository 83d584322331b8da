import type { KubernetesObject } from "../api.ts";
import type { KeyPair } from "../certificates.ts";
import { restrictedContainer, restrictedPod } from "./security.ts";

const name = "metrics-server";
const namespace = "kube-system";
const labels = { "k8s-app": name };
const rbac = "rbac.authorization.k8s.io";
const port = 10250;
const certificateFolder = "/etc/metrics-server";

/**
 * Serves the metrics API for `kubectl top` and autoscalers, with upstream's objects. Here both ends
 * prove who they are: the kubelet to it and it to the API server, by the cluster's authority.
 */
export function metricsServer(image: string, pair: KeyPair, authority: string): KubernetesObject[] {
  const metadata = { name, namespace, labels };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { ...metadata, name: "metrics-server-tls" },
      type: "kubernetes.io/tls",
      data: { "tls.crt": base64(pair.certificate), "tls.key": base64(pair.key) },
    },
    ...roles(),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        selector: labels,
        ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port }],
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(image) },
      },
    },
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: "v1beta1.metrics.k8s.io" },
      spec: {
        group: "metrics.k8s.io",
        version: "v1beta1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        caBundle: base64(authority),
        service: { name, namespace, port: 443 },
      },
    },
  ];
}

function roles(): KubernetesObject[] {
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const bind = (binding: string, role: string): KubernetesObject => ({
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: binding },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
    subjects,
  });
  return [
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: {
        name: "system:aggregated-metrics-reader",
        labels: Object.fromEntries(
          ["admin", "edit", "view"].map((role) => [`${rbac}/aggregate-to-${role}`, "true"]),
        ),
      },
      rules: [
        {
          apiGroups: ["metrics.k8s.io"],
          resources: ["pods", "nodes"],
          verbs: ["get", "list", "watch"],
        },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name: "system:metrics-server" },
      rules: [
        { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
        { apiGroups: [""], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] },
      ],
    },
    bind("system:metrics-server", "system:metrics-server"),
    bind("metrics-server:system:auth-delegator", "system:auth-delegator"),
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: { name: "metrics-server-auth-reader", namespace },
      roleRef: { apiGroup: rbac, kind: "Role", name: "extension-apiserver-authentication-reader" },
      subjects,
    },
  ];
}

function podSpec(image: string) {
  return {
    ...restrictedPod,
    serviceAccountName: name,
    priorityClassName: "system-cluster-critical",
    containers: [
      {
        ...restrictedContainer,
        name,
        image,
        args: [
          `--secure-port=${port}`,
          `--tls-cert-file=${certificateFolder}/tls.crt`,
          `--tls-private-key-file=${certificateFolder}/tls.key`,
          "--kubelet-preferred-address-types=InternalIP",
          "--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
          "--metric-resolution=15s",
        ],
        ports: [{ name: "https", containerPort: port }],
        resources: { requests: { cpu: "50m", memory: "60Mi" } },
        readinessProbe: { httpGet: { path: "/readyz", port, scheme: "HTTPS" }, periodSeconds: 2 },
        livenessProbe: {
          httpGet: { path: "/livez", port, scheme: "HTTPS" },
          initialDelaySeconds: 20,
          periodSeconds: 10,
        },
        volumeMounts: [{ name: "tls", mountPath: certificateFolder, readOnly: true }],
      },
    ],
    volumes: [{ name: "tls", secret: { secretName: "metrics-server-tls", defaultMode: 0o444 } }],
  };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
