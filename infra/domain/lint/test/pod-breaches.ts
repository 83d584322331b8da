import type { Fixture } from "./fixtures.ts";

/** How a pod can reach out of its container. */
export const podBreaches: readonly Fixture[] = [
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
    rule: "SLW039",
    what: "a system priority",
    break: ({ pod }) => {
      pod.priorityClassName = "system-cluster-critical";
    },
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
];
