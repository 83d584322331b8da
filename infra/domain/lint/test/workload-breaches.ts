import type { Fixture } from "./fixtures.ts";

/** How pods and the number of them can break rules: the first 25 controls. */
export const workloadBreaches: readonly Fixture[] = [
  {
    rule: "SLW001",
    what: "a pod that may run as root",
    break: ({ pod }) => delete pod.securityContext.runAsNonRoot,
  },
  {
    rule: "SLW001",
    what: "a container that may run as root",
    break: ({ job }) => {
      job.spec.template.spec.containers[0].securityContext.runAsNonRoot = false;
    },
  },
  {
    rule: "SLW002",
    what: "a pod without a user id",
    break: ({ pod }) => delete pod.securityContext.runAsUser,
  },
  {
    rule: "SLW002",
    what: "a container with a low user id",
    break: ({ container }) => {
      container.securityContext.runAsUser = 1000;
    },
  },
  {
    rule: "SLW003",
    what: "a pod without a group id",
    break: ({ pod }) => delete pod.securityContext.runAsGroup,
  },
  {
    rule: "SLW003",
    what: "a pod without a group for its volumes",
    break: ({ pod }) => delete pod.securityContext.fsGroup,
  },
  {
    rule: "SLW003",
    what: "a pod whose volumes change owner at every start",
    break: ({ pod }) => delete pod.securityContext.fsGroupChangePolicy,
  },
  {
    rule: "SLW004",
    what: "a container that can gain privileges",
    break: ({ container }) => delete container.securityContext.allowPrivilegeEscalation,
  },
  {
    rule: "SLW004",
    what: "a privileged container",
    break: ({ job }) => {
      job.spec.template.spec.containers[0].securityContext.privileged = true;
    },
  },
  {
    rule: "SLW005",
    what: "a container that keeps its capabilities",
    break: ({ container }) => container.securityContext.capabilities.drop.pop(),
  },
  {
    rule: "SLW005",
    what: "a container with a capability",
    break: ({ container }) => {
      container.securityContext.capabilities.add = ["NET_BIND_SERVICE"];
    },
  },
  {
    rule: "SLW005",
    what: "a privileged port",
    break: ({ container }) => container.ports.push({ name: "ssh", containerPort: 22 }),
  },
  {
    rule: "SLW006",
    what: "a root file system that can be written",
    break: ({ container }) => delete container.securityContext.readOnlyRootFilesystem,
  },
  {
    rule: "SLW006",
    what: "a scratch folder without a size",
    break: ({ pod }) => delete pod.volumes[0].emptyDir.sizeLimit,
  },
  {
    rule: "SLW007",
    what: "a pod without a seccomp profile",
    break: ({ pod }) => delete pod.securityContext.seccompProfile,
  },
  {
    rule: "SLW007",
    what: "a container without a filter of system calls",
    break: ({ container }) => {
      container.securityContext.seccompProfile = { type: "Unconfined" };
    },
  },
  {
    rule: "SLW008",
    what: "an account whose pods get a token",
    break: ({ account }) => delete account.automountServiceAccountToken,
  },
  {
    rule: "SLW008",
    what: "a pod with a token",
    break: ({ pod }) => delete pod.automountServiceAccountToken,
  },
  {
    rule: "SLW009",
    what: "a pod with the default account",
    break: ({ pod }) => delete pod.serviceAccountName,
  },
  {
    rule: "SLW009",
    what: "a pod with an account that nobody makes",
    break: ({ pod }) => {
      pod.serviceAccountName = "other";
    },
  },
  ...["hostNetwork", "hostPID", "hostIPC"].map(
    (field): Fixture => ({
      rule: "SLW010",
      what: `a pod with ${field}`,
      break: ({ pod }) => {
        pod[field] = true;
      },
    }),
  ),
  {
    rule: "SLW010",
    what: "a folder of the node",
    break: ({ pod }) => pod.volumes.push({ name: "node", hostPath: { path: "/var/run" } }),
  },
  {
    rule: "SLW010",
    what: "a port of the node",
    break: ({ container }) => {
      container.ports[0].hostPort = 8000;
    },
  },
  {
    rule: "SLW010",
    what: "a probe of another host",
    break: ({ container }) => {
      container.lifecycle.preStop.httpGet.host = "127.0.0.1";
    },
  },
  {
    rule: "SLW010",
    what: "an unmasked /proc",
    break: ({ container }) => {
      container.securityContext.procMount = "Unmasked";
    },
  },
  {
    rule: "SLW010",
    what: "a kernel setting",
    break: ({ pod }) => {
      pod.securityContext.sysctls = [{ name: "kernel.shm_rmid_forced", value: "0" }];
    },
  },
  {
    rule: "SLW011",
    what: "a container without a CPU request",
    break: ({ container }) => delete container.resources.requests.cpu,
  },
  {
    rule: "SLW012",
    what: "a container without a CPU limit",
    break: ({ container }) => delete container.resources.limits.cpu,
  },
  {
    rule: "SLW013",
    what: "a memory limit above the request",
    break: ({ container }) => {
      container.resources.limits.memory = "1Ti";
    },
  },
  {
    rule: "SLW014",
    what: "a container without a limit of local storage",
    break: ({ container }) => delete container.resources.limits["ephemeral-storage"],
  },
  {
    rule: "SLW014",
    what: "a scratch folder that is larger than the limit",
    break: ({ pod }) => {
      pod.volumes[0].emptyDir.sizeLimit = "1Gi";
    },
  },
  {
    rule: "SLW015",
    what: "a container without a readiness probe",
    break: ({ container }) => delete container.readinessProbe,
  },
  {
    rule: "SLW015",
    what: "a readiness probe of a port that is not there",
    break: ({ container }) => {
      container.readinessProbe.httpGet.port = "htp";
    },
  },
  {
    rule: "SLW016",
    what: "a container without a liveness probe",
    break: ({ container }) => delete container.livenessProbe,
  },
  {
    rule: "SLW016",
    what: "one question for liveness and readiness",
    break: ({ container }) => {
      container.livenessProbe.httpGet.path = container.readinessProbe.httpGet.path;
    },
  },
  {
    rule: "SLW017",
    what: "a container without a startup probe",
    break: ({ container }) => delete container.startupProbe,
  },
  {
    rule: "SLW017",
    what: "a startup probe that gives up early",
    break: ({ container }) => {
      container.startupProbe.failureThreshold = 30;
    },
  },
  {
    rule: "SLW018",
    what: "an autoscaler that may leave one pod",
    break: ({ autoscaler, budget }) => {
      autoscaler.spec.minReplicas = 1;
      budget.spec.maxUnavailable = "50%";
    },
  },
  {
    rule: "SLW019",
    what: "a Deployment with a number of pods",
    break: ({ deployment }) => {
      deployment.spec.replicas = 2;
    },
  },
  {
    rule: "SLW020",
    what: "an autoscaler of something else",
    break: ({ autoscaler, deployment }) => {
      autoscaler.spec.scaleTargetRef.name = "other";
      deployment.spec.replicas = 3;
    },
  },
  {
    rule: "SLW020",
    what: "an autoscaler without room",
    break: ({ autoscaler }) => {
      autoscaler.spec.maxReplicas = autoscaler.spec.minReplicas;
    },
  },
  {
    rule: "SLW020",
    what: "an autoscaler without a signal",
    break: ({ autoscaler }) => {
      autoscaler.spec.metrics = [];
    },
  },
  {
    rule: "SLW021",
    what: "a Deployment without a budget",
    break: ({ remove }) => remove("PodDisruptionBudget"),
  },
  {
    rule: "SLW021",
    what: "a budget that lets no pod go",
    break: ({ budget }) => {
      budget.spec.maxUnavailable = 0;
    },
  },
  {
    rule: "SLW021",
    what: "a budget that lets all pods go",
    break: ({ budget }) => {
      budget.spec.maxUnavailable = "100%";
    },
  },
  {
    rule: "SLW022",
    what: "a budget that protects broken pods",
    break: ({ budget }) => delete budget.spec.unhealthyPodEvictionPolicy,
  },
  {
    rule: "SLW023",
    what: "a pod without anti-affinity",
    break: ({ pod }) => delete pod.affinity,
  },
  {
    rule: "SLW024",
    what: "a pod that is not spread",
    break: ({ pod }) => delete pod.topologySpreadConstraints,
  },
  {
    rule: "SLW024",
    what: "a pod that is spread among others",
    break: ({ pod }) => {
      pod.topologySpreadConstraints[0].labelSelector.matchLabels = { other: "app" };
    },
  },
  {
    rule: "SLW025",
    what: "a Deployment without a strategy",
    break: ({ deployment }) => delete deployment.spec.strategy,
  },
  {
    rule: "SLW025",
    what: "a rollout that takes old pods first",
    break: ({ deployment }) => {
      deployment.spec.strategy.rollingUpdate.maxUnavailable = 1;
    },
  },
];
