/** What the Pod Security level `restricted` asks of a pod. */
export const restrictedPod = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
} as const;

/** What it asks of a container, with a root file system that can't be changed on top. */
export const restrictedContainer = {
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
  },
} as const;
