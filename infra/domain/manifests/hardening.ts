/** What every container of an agent has in common, whoever wrote its image. */
export const confinement = {
  // The last log lines of a crash stand in the pod's status, where a rollout finds them at once.
  terminationMessagePolicy: "FallbackToLogsOnError",
  securityContext: {
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    capabilities: { drop: ["ALL"] },
  },
} as const;

/** The image's user and group. Above 10000, so that it is no user of the node. */
const userId = 10001;

/** What every pod of an agent has in common. */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: userId,
  runAsGroup: userId,
  fsGroup: userId,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
} as const;
