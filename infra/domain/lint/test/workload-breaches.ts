import type { Fixture } from "./fixtures.ts";

/** How pods can be too many, too few, or stopped too early. */
export const workloadBreaches: readonly Fixture[] = [
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
];
