import assert from "node:assert/strict";
import { test } from "node:test";
import { exceeds, sameQuantity } from "../quantity.ts";
import { environments, objectOf, sampleObjects } from "../test/sample-stack.ts";

/** The objects of one stack, opened up where the controls look. */
function rendered(environment: string) {
  const objects = sampleObjects(environment);
  const deployment = objectOf(objects, "Deployment");
  return {
    kinds: objects.map(({ kind }) => kind),
    namespace: objectOf(objects, "Namespace"),
    serviceAccount: objectOf(objects, "ServiceAccount"),
    configMap: objectOf(objects, "ConfigMap"),
    service: objectOf(objects, "Service"),
    autoscaler: objectOf(objects, "HorizontalPodAutoscaler"),
    budget: objectOf(objects, "PodDisruptionBudget"),
    policy: objectOf(objects, "NetworkPolicy", "fastapi-agent"),
    deny: objectOf(objects, "NetworkPolicy", "default-deny"),
    deployment,
    template: deployment.spec.template,
    pod: deployment.spec.template.spec,
    container: deployment.spec.template.spec.containers[0],
  };
}

type Rendered = ReturnType<typeof rendered>;

interface Control {
  readonly name: string;
  readonly holds: (r: Rendered) => boolean;
  /** A change that breaks the control, so that a check that can't fail is found out. */
  readonly break: (r: Rendered) => void;
}

const probeNames = ["startupProbe", "readinessProbe", "livenessProbe"] as const;
const forbidden =
  /"(hostNetwork|hostPID|hostIPC|hostPort|hostPath|hostAliases|procMount|sysctls|host|serviceAccount)":/;

const controls: readonly Control[] = [
  {
    name: "1-3: user, group and volume group are numeric, high and not root",
    holds: ({ pod: { securityContext: s } }) =>
      s.runAsNonRoot === true &&
      [s.runAsUser, s.runAsGroup, s.fsGroup].every((id) => id >= 10_000) &&
      s.fsGroupChangePolicy === "OnRootMismatch",
    break: ({ pod }) => delete pod.securityContext.runAsGroup,
  },
  {
    name: "4: no privilege and no way to gain it",
    holds: ({ container: { securityContext: s } }) =>
      s.allowPrivilegeEscalation === false && s.privileged === false,
    break: ({ container }) => delete container.securityContext.allowPrivilegeEscalation,
  },
  {
    name: "5: no capability, and ports that need none",
    holds: ({ container: { securityContext: s, ports } }) =>
      s.capabilities.drop.join() === "ALL" &&
      s.capabilities.add === undefined &&
      ports.every((port: { containerPort: number }) => port.containerPort >= 1024),
    break: ({ container }) => container.securityContext.capabilities.drop.pop(),
  },
  {
    name: "6: the root file system is read-only, and /tmp is limited",
    holds: ({ container, pod }) =>
      container.securityContext.readOnlyRootFilesystem === true &&
      pod.volumes[0].emptyDir.sizeLimit !== undefined &&
      container.volumeMounts[0].mountPath === "/tmp",
    break: ({ pod }) => delete pod.volumes[0].emptyDir.sizeLimit,
  },
  {
    name: "7: the runtime's own seccomp profile",
    holds: ({ pod }) => pod.securityContext.seccompProfile?.type === "RuntimeDefault",
    break: ({ pod }) => delete pod.securityContext.seccompProfile,
  },
  {
    name: "8: no token of the API server, neither from the account nor for the pod",
    holds: ({ pod, serviceAccount }) =>
      pod.automountServiceAccountToken === false &&
      serviceAccount.automountServiceAccountToken === false,
    break: ({ serviceAccount }) => delete serviceAccount.automountServiceAccountToken,
  },
  {
    name: "9: a service account of its own that exists",
    holds: ({ pod, serviceAccount }) => pod.serviceAccountName === serviceAccount.metadata.name,
    break: ({ pod }) => delete pod.serviceAccountName,
  },
  {
    name: "10: nothing of the node, and no host in probes or hooks",
    holds: ({ deployment }) => !forbidden.test(JSON.stringify(deployment)),
    break: ({ container }) => {
      container.lifecycle.preStop.httpGet.host = "127.0.0.1";
    },
  },
  {
    name: "11-12: a CPU request, and a limit of four times that or one core",
    holds: ({ container: { resources } }) =>
      exceeds(resources.requests.cpu, "0") &&
      !exceeds("1", resources.limits.cpu ?? "0") &&
      exceeds(resources.limits.cpu, resources.requests.cpu),
    break: ({ container }) => delete container.resources.limits.cpu,
  },
  {
    name: "13: the memory request is the limit",
    holds: ({ container: { resources } }) =>
      sameQuantity(resources.requests.memory, resources.limits.memory),
    break: ({ container }) => {
      container.resources.limits.memory = "1Ti";
    },
  },
  {
    name: "14: ephemeral storage is requested and limited, with room beside /tmp",
    holds: ({ container: { resources }, pod }) =>
      exceeds(resources.requests["ephemeral-storage"], "0") &&
      exceeds(resources.limits["ephemeral-storage"], pod.volumes[0].emptyDir.sizeLimit),
    break: ({ container }) => {
      container.resources.limits["ephemeral-storage"] = "64Mi";
    },
  },
  {
    name: "15-17: three probes on a declared port, each with a path of its own",
    holds: ({ container }) =>
      new Set(probeNames.map((name) => container[name]?.httpGet.path)).size === 3 &&
      probeNames.every((name) =>
        container.ports.some(
          (port: { name: string }) => port.name === container[name].httpGet.port,
        ),
      ),
    break: ({ container }) => {
      container.livenessProbe.httpGet.path = container.readinessProbe.httpGet.path;
    },
  },
  {
    name: "18-20: the autoscaler owns the number of pods: two or more, with room to grow",
    holds: ({ deployment, autoscaler: { spec } }) =>
      deployment.spec.replicas === undefined &&
      spec.scaleTargetRef.name === deployment.metadata.name &&
      spec.minReplicas >= 2 &&
      spec.maxReplicas > spec.minReplicas,
    break: ({ deployment }) => {
      deployment.spec.replicas = 2;
    },
  },
  {
    name: "21-22: a disruption budget that lets one pod go, and broken ones always",
    holds: ({ budget, deployment }) =>
      budget.spec.maxUnavailable === 1 &&
      budget.spec.unhealthyPodEvictionPolicy === "AlwaysAllow" &&
      selects(budget.spec.selector.matchLabels, deployment.spec.template.metadata.labels),
    break: ({ budget }) => {
      budget.spec.maxUnavailable = 0;
    },
  },
  {
    name: "23-24: pods spread over nodes, as a wish",
    holds: ({ pod, template }) => {
      const [wish] = pod.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
      const [spread] = pod.topologySpreadConstraints;
      return (
        selects(wish.podAffinityTerm.labelSelector.matchLabels, template.metadata.labels) &&
        selects(spread.labelSelector.matchLabels, template.metadata.labels) &&
        spread.maxSkew === 1 &&
        spread.whenUnsatisfiable === "ScheduleAnyway"
      );
    },
    break: ({ pod }) => {
      pod.topologySpreadConstraints[0].labelSelector.matchLabels = { other: "app" };
    },
  },
  {
    name: "25: a rolling update that never goes below the wanted number of pods",
    holds: ({ deployment: { spec } }) =>
      spec.strategy.type === "RollingUpdate" &&
      spec.strategy.rollingUpdate.maxUnavailable === 0 &&
      spec.strategy.rollingUpdate.maxSurge === 1,
    break: ({ deployment }) => delete deployment.spec.strategy,
  },
  {
    name: "26: both directions are closed, and opened by a policy that finds the pod by one label",
    holds: ({ policy, deny, template }) =>
      [policy, deny].every(({ spec }) => spec.policyTypes.join() === "Ingress,Egress") &&
      Object.keys(deny.spec.podSelector).length === 0 &&
      Object.keys(policy.spec.podSelector.matchLabels).length === 1 &&
      selects(policy.spec.podSelector.matchLabels, template.metadata.labels) &&
      policy.spec.ingress.length > 0 &&
      policy.spec.egress.length > 0,
    break: ({ deny }) => deny.spec.policyTypes.pop(),
  },
  {
    name: "26: callers reach the API's port and not the drain hook",
    holds: ({ policy, container }) =>
      policy.spec.ingress[0].ports.length === 1 &&
      policy.spec.ingress[0].ports[0].port === container.ports[0].containerPort,
    break: ({ policy }) => policy.spec.ingress[0].ports.push({ port: 8001 }),
  },
  {
    name: "27: DNS and HTTPS go out; private ranges and the metadata service stay closed",
    holds: ({ policy: { spec } }) => {
      const [dns, upstream] = spec.egress;
      return (
        dns.ports.map(({ protocol }: { protocol: string }) => protocol).join() === "UDP,TCP" &&
        upstream.ports.length === 1 &&
        upstream.ports[0].port === 443 &&
        ["10.0.0.0/8", "169.254.0.0/16"].every((range) =>
          upstream.to[0].ipBlock.except.includes(range),
        )
      );
    },
    break: ({ policy }) => policy.spec.egress[0].ports.pop(),
  },
  {
    name: "28: a namespace of its own that enforces the restricted standard of a fixed version",
    holds: ({ namespace, deployment }) =>
      deployment.metadata.namespace === namespace.metadata.name &&
      ["enforce", "audit", "warn"].every(
        (mode) =>
          namespace.metadata.labels[`pod-security.kubernetes.io/${mode}`] === "restricted" &&
          namespace.metadata.labels[`pod-security.kubernetes.io/${mode}-version`] === "v1.34",
      ),
    break: ({ namespace }) => {
      delete namespace.metadata.labels["pod-security.kubernetes.io/warn-version"];
    },
  },
  {
    name: "29-30: the image by digest; pulled when absent, with the exemption that says why",
    holds: ({ container, deployment }) =>
      /^[^@\s]+@sha256:[0-9a-f]{64}$/.test(container.image) &&
      container.imagePullPolicy === "IfNotPresent" &&
      deployment.metadata.annotations["kube-score/ignore"] === "container-image-pull-policy" &&
      deployment.metadata.annotations["slipway.dev/exemption-reasons"].length > 0,
    break: ({ container }) => {
      container.image = "fastapi-agent:latest";
    },
  },
  {
    name: "32: secrets are files that only the agent's group reads; variables hold their paths",
    holds: ({ pod, container }) =>
      pod.volumes[1].secret.defaultMode === 0o440 &&
      container.volumeMounts[1].readOnly === true &&
      !JSON.stringify(container).includes("secretKeyRef") &&
      !JSON.stringify(container).includes("secretRef"),
    break: ({ container }) => container.envFrom.push({ secretRef: { name: "x" } }),
  },
  {
    name: "33: no setting and no variable has the name of a secret, unless its value is a path",
    holds: ({ configMap, container }) => {
      const settings = Object.entries<string>(configMap.data);
      const variables = container.env.map(
        ({ name, value }: { name: string; value: string }) => [name, value] as const,
      );
      return [...settings, ...variables].every(
        ([name, value]) =>
          !/token|secret|password|bearer|key|pwd|jwt|credential/i.test(name) ||
          value.startsWith("/"),
      );
    },
    break: ({ configMap }) => {
      configMap.data.MY_TOKEN = "x";
    },
  },
  {
    name: "34: the recommended labels, and the instance is the Deployment's name",
    holds: ({ deployment, template }) =>
      ["name", "instance", "version", "component", "part-of", "managed-by"].every(
        (label) => template.metadata.labels[`app.kubernetes.io/${label}`],
      ) &&
      template.metadata.labels["app.kubernetes.io/instance"] === deployment.metadata.name &&
      template.metadata.labels["slipway.dev/stack"] !== undefined &&
      template.metadata.labels.owner !== undefined,
    break: ({ template }) => delete template.metadata.labels["app.kubernetes.io/part-of"],
  },
  {
    name: "34: the selector is two labels that no release changes",
    holds: ({ deployment: { spec } }) =>
      Object.keys(spec.selector.matchLabels).join() ===
      "app.kubernetes.io/name,app.kubernetes.io/instance",
    break: ({ deployment }) => {
      deployment.spec.selector.matchLabels["app.kubernetes.io/version"] = "1.0.0";
    },
  },
  {
    name: "35: the Service finds the pods, at a port that they have, and not the admin port",
    holds: ({ service: { spec }, template, container }) =>
      selects(spec.selector, template.metadata.labels) &&
      spec.ports.length === 1 &&
      spec.ports[0].targetPort === container.ports[0].name,
    break: ({ service }) => {
      service.spec.ports[0].targetPort = "htp";
    },
  },
  {
    name: "36: the Service is internal, or says that the stack wants it exposed",
    holds: ({ service: { spec, metadata } }) =>
      spec.type === "ClusterIP" || metadata.annotations?.["kube-score/ignore"] === "service-type",
    break: ({ service }) => {
      service.spec.type = "LoadBalancer";
      delete service.metadata.annotations;
    },
  },
  {
    name: "38: no environment variable is set twice",
    holds: ({ configMap, container }) => {
      const names = [
        ...Object.keys(configMap.data),
        ...container.env.map(({ name }: { name: string }) => name),
      ];
      return new Set(names).size === names.length;
    },
    break: ({ container }) => container.env.push({ name: "LOG_LEVEL", value: "x" }),
  },
  {
    name: "40-41: few DNS lookups, explicit restart policy, no Service variables",
    holds: ({ pod }) =>
      pod.dnsConfig.options[0].name === "ndots" &&
      pod.dnsConfig.options[0].value === "2" &&
      pod.restartPolicy === "Always" &&
      pod.enableServiceLinks === false,
    break: ({ pod }) => pod.dnsConfig.options.pop(),
  },
  {
    name: "42: the agent has no role",
    holds: ({ kinds }) => !kinds.some((kind) => kind.includes("Role")),
    break: ({ kinds }) => kinds.push("RoleBinding"),
  },
  {
    name: "drain: the hook runs before the process is stopped, and the grace period outlasts it",
    holds: ({ container, pod }) =>
      container.lifecycle.preStop.httpGet.port === container.ports[1].name &&
      pod.terminationGracePeriodSeconds >
        variable(container, "DRAIN_SECONDS") + variable(container, "LONGEST_TASK_SECONDS"),
    break: ({ pod }) => {
      pod.terminationGracePeriodSeconds = 30;
    },
  },
];

for (const control of controls) {
  test(`control ${control.name}`, () => {
    for (const environment of environments) {
      assert.ok(control.holds(rendered(environment)), environment);
      const broken = rendered(environment);
      control.break(broken);
      assert.ok(!held(control, broken), `${environment}: the check does not notice a violation`);
    }
  });
}

/** A check that stumbles over a missing field has noticed it. */
function held(control: Control, r: Rendered): boolean {
  try {
    return control.holds(r);
  } catch {
    return false;
  }
}

function selects(selector: Record<string, string>, labels: Record<string, string>): boolean {
  const entries = Object.entries(selector);
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value);
}

function variable(container: { env: { name: string; value: string }[] }, name: string): number {
  return Number(container.env.find((candidate) => candidate.name === name)?.value);
}
