import type { Fixture } from "./fixtures.ts";

/** How everything around the pods can break rules: network, names, images, secrets. */
export const surroundingsBreaches: readonly Fixture[] = [
  {
    rule: "SLW026",
    what: "a policy that selects by two labels",
    break: ({ policy }) => {
      policy.spec.podSelector.matchLabels["app.kubernetes.io/name"] = "fastapi-agent";
    },
  },
  {
    rule: "SLW026",
    what: "a policy that selects nothing",
    break: ({ policy }) => {
      policy.spec.podSelector.matchLabels = { other: "app" };
    },
    also: ["SLW050"],
  },
  {
    rule: "SLW027",
    what: "egress to everybody",
    break: ({ policy }) => policy.spec.egress.push({ ports: [{ protocol: "TCP", port: 443 }] }),
  },
  {
    rule: "SLW027",
    what: "egress to the metadata service",
    break: ({ policy }) => {
      delete policy.spec.egress[1].to[0].ipBlock.except;
    },
  },
  {
    rule: "SLW027",
    what: "egress to every port of the internet",
    break: ({ policy }) => delete policy.spec.egress[1].ports,
  },
  {
    rule: "SLW028",
    what: "the namespace default",
    break: ({ namespace }) => {
      namespace.metadata.name = "default";
    },
  },
  {
    rule: "SLW028",
    what: "a namespace that admits any pod",
    break: ({ namespace }) =>
      delete namespace.metadata.labels["pod-security.kubernetes.io/enforce"],
  },
  {
    rule: "SLW028",
    what: "a namespace whose standard moves with the cluster",
    break: ({ namespace }) => {
      namespace.metadata.labels["pod-security.kubernetes.io/enforce-version"] = "latest";
    },
  },
  {
    rule: "SLW029",
    what: "an image by its tag",
    break: ({ container }) => {
      container.image = "registry.example.com/fastapi-agent:latest";
    },
  },
  {
    rule: "SLW030",
    what: "an image that is always pulled",
    break: ({ container }) => {
      container.imagePullPolicy = "Always";
    },
  },
  {
    rule: "SLW031",
    what: "an image without a registry",
    break: ({ container }) => {
      container.image = `library/agent@sha256:${"a".repeat(64)}`;
    },
  },
  {
    rule: "SLW032",
    what: "a secret in a variable",
    break: ({ container }) =>
      container.env.push({ name: "MODEL", valueFrom: { secretKeyRef: { name: "x", key: "y" } } }),
  },
  {
    rule: "SLW032",
    what: "all of a Secret in variables",
    break: ({ container }) => container.envFrom.push({ secretRef: { name: "x" } }),
  },
  {
    rule: "SLW033",
    what: "a setting with the name of a secret",
    break: ({ settings }) => {
      settings.data.MY_TOKEN = "x";
    },
  },
  {
    rule: "SLW033",
    what: "a variable with the shape of a secret",
    break: ({ container }) =>
      container.env.push({ name: "MODEL", value: "https://me:secret@models.example.com" }),
  },
  {
    rule: "SLW034",
    what: "a pod without a recommended label",
    break: ({ template }) => delete template.metadata.labels["app.kubernetes.io/part-of"],
  },
  {
    rule: "SLW034",
    what: "an object without a recommended label",
    break: ({ service }) => delete service.metadata.labels["app.kubernetes.io/managed-by"],
  },
  {
    rule: "SLW035",
    what: "a selector that the next release changes",
    break: ({ deployment }) => {
      deployment.spec.selector.matchLabels["app.kubernetes.io/version"] = "1.0.0";
    },
  },
  {
    rule: "SLW035",
    what: "a Service of nobody",
    break: ({ service }) => {
      service.spec.selector = { other: "app" };
    },
  },
  {
    rule: "SLW035",
    what: "a Service of a port that is not there",
    break: ({ service }) => {
      service.spec.ports[0].targetPort = "htp";
    },
  },
  {
    rule: "SLW035",
    what: "an Ingress to a Service that is not there",
    break: ({ ingress }) => {
      ingress.spec.rules[0].http.paths[0].backend.service.name = "other";
    },
  },
  {
    rule: "SLW035",
    what: "a route to a port that is not there",
    break: ({ route }) => {
      route.spec.rules[0].backendRefs[0].port = 1;
    },
  },
  {
    rule: "SLW036",
    what: "a Service that is exposed by a patch",
    break: ({ service }) => {
      service.spec.type = "LoadBalancer";
    },
  },
  {
    rule: "SLW037",
    what: "an Ingress in clear",
    break: ({ ingress }) => delete ingress.spec.tls,
  },
  {
    rule: "SLW037",
    what: "an Ingress with a host that no certificate is for",
    break: ({ ingress }) => {
      ingress.spec.rules[0].host = "other.example.com";
    },
  },
  {
    rule: "SLW037",
    what: "a route that any listener takes",
    break: ({ route }) => delete route.spec.parentRefs[0].sectionName,
  },
  {
    rule: "SLW038",
    what: "a variable that a setting sets too",
    break: ({ container }) => container.env.push({ name: "LOG_LEVEL", value: "x" }),
  },
  {
    rule: "SLW038",
    what: "a variable that is set twice",
    break: ({ container }) => container.env.push(container.env[0]),
  },
  {
    rule: "SLW039",
    what: "a system priority",
    break: ({ pod }) => {
      pod.priorityClassName = "system-cluster-critical";
    },
  },
  {
    rule: "SLW040",
    what: "a pod that looks in all search domains",
    break: ({ pod }) => delete pod.dnsConfig,
  },
  {
    rule: "SLW040",
    what: "a pod with variables for each Service",
    break: ({ pod }) => delete pod.enableServiceLinks,
  },
  {
    rule: "SLW041",
    what: "a pod without an owner",
    break: ({ template }) => delete template.metadata.labels.owner,
  },
  {
    rule: "SLW041",
    what: "a pod that leaves its restart to the default",
    break: ({ pod }) => delete pod.restartPolicy,
  },
  {
    rule: "SLW042",
    what: "a role for the agent",
    break: ({ add, account }) =>
      add({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: account.metadata,
      }),
    also: ["SLW056"],
  },
  {
    rule: "SLW043",
    what: "a Job without a deadline",
    break: ({ job }) => delete job.spec.activeDeadlineSeconds,
  },
  {
    rule: "SLW043",
    what: "a Job that removes itself",
    break: ({ job }) => {
      job.spec.ttlSecondsAfterFinished = 0;
    },
  },
  {
    rule: "SLW044",
    what: "an SELinux role",
    break: ({ pod }) => {
      pod.securityContext.seLinuxOptions = { role: "sysadm_r" };
    },
  },
  {
    rule: "SLW044",
    what: "an SELinux type that is not confined",
    break: ({ container }) => {
      container.securityContext.seLinuxOptions = { type: "spc_t" };
    },
  },
  {
    rule: "SLW045",
    what: "a namespace without a quota",
    break: ({ remove }) => remove("ResourceQuota"),
  },
  {
    rule: "SLW045",
    what: "a namespace without bounds for containers",
    break: ({ remove }) => remove("LimitRange"),
  },
  {
    rule: "SLW046",
    what: "a namespace that is open for what goes out",
    break: ({ deny }) => deny.spec.policyTypes.pop(),
  },
  {
    rule: "SLW047",
    what: "a grace period shorter than a task",
    break: ({ pod }) => {
      pod.terminationGracePeriodSeconds = 30;
    },
  },
  {
    rule: "SLW047",
    what: "a pod that stops without a drain",
    break: ({ container }) => delete container.lifecycle,
  },
  {
    rule: "SLW048",
    what: "a deadline within the startup budget",
    break: ({ deployment }) => {
      deployment.spec.progressDeadlineSeconds = 60;
    },
  },
  {
    rule: "SLW049",
    what: "a policy that lets every address in",
    break: ({ policy }) => policy.spec.ingress[0].from.push({ ipBlock: { cidr: "::/0" } }),
  },
  {
    rule: "SLW050",
    what: "a policy without DNS by TCP",
    break: ({ policy }) => policy.spec.egress[0].ports.pop(),
  },
  {
    rule: "SLW051",
    what: "secret files that everybody reads",
    break: ({ pod }) => {
      delete pod.volumes[1].secret.defaultMode;
    },
  },
  {
    rule: "SLW052",
    what: "a prompt with a credential",
    break: ({ add, settings }) => {
      const metadata = { ...settings.metadata, name: "fastapi-agent-files" };
      const text = `Call it with sk-${"a".repeat(20)}, and be polite.`;
      add({ ...settings, metadata, data: { "prompts__system.md": text } });
    },
  },
  {
    rule: "SLW053",
    what: "a dependency without a lock",
    break: ({ dependencies }) => dependencies.push({ name: "search", version: "^1.0.0" }),
  },
  {
    rule: "SLW054",
    what: "callers of the drain hook",
    break: ({ policy }) => policy.spec.ingress[0].ports.push({ protocol: "TCP", port: 8001 }),
  },
  {
    rule: "SLW054",
    what: "a Service of the drain hook",
    break: ({ service }) =>
      service.spec.ports.push({ name: "admin", port: 8001, targetPort: "admin" }),
  },
  {
    rule: "SLW055",
    what: "settings that change in place",
    break: ({ settings }) => delete settings.immutable,
  },
  {
    rule: "SLW055",
    what: "secrets that change in place",
    break: ({ secret }) => delete secret.immutable,
  },
  {
    rule: "SLW056",
    what: "a field that Kubernetes does not know",
    break: ({ service }) => {
      service.spec.sesionAffinity = "None";
    },
  },
];
