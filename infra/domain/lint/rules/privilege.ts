import type { PlainMap } from "../../plain-map.ts";
import { at, listAt, mapAt, mapsAt, textAt } from "../read.ts";
import { type Complaint, inContainers, inPods, type Rule, unpatch } from "../rule.ts";
import type { AgentSubject } from "../subject.ts";

const podSecurity = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";
const hardening = "https://kubernetes.io/docs/concepts/security/security-checklist/";
/** Ports below this need a capability, or a setting of the node. */
const firstFreePort = 1024;

/** The volumes that the restricted Pod Security Standard knows. */
const volumeTypes = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

const seLinuxTypes = [
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
];

const handlers = [
  "startupProbe",
  "readinessProbe",
  "livenessProbe",
  "lifecycle.postStart",
  "lifecycle.preStop",
];

/** The rows of a pod's spec that give it a part of its node. */
function* nodeParts(spec: PlainMap): Generator<Complaint> {
  for (const field of ["hostNetwork", "hostPID", "hostIPC"]) {
    if (at(spec, field) === true) yield [field, "the pod shares this with its node"];
  }
  for (const volume of mapsAt(spec, "volumes")) {
    const strange = Object.keys(volume).filter((key) => key !== "name" && !volumeTypes.has(key));
    for (const type of strange) {
      yield [
        `volumes.${volume.name}.${type}`,
        "the restricted standard does not allow this volume",
      ];
    }
  }
  if (listAt(spec, "securityContext.sysctls").length > 0) {
    yield ["securityContext.sysctls", "kernel settings belong to the node"];
  }
}

function* nodePartsOfContainer(container: PlainMap): Generator<Complaint> {
  for (const port of mapsAt(container, "ports")) {
    if (at(port, "hostPort") !== undefined) {
      yield [`ports.${port.name}.hostPort`, "the port is taken on the node"];
    }
  }
  for (const handler of handlers) {
    for (const host of ["httpGet.host", "tcpSocket.host"]) {
      if (at(container, `${handler}.${host}`) === undefined) continue;
      yield [`${handler}.${host}`, "the kubelet would call another host in the node's name"];
    }
  }
  if (!["", "Default"].includes(textAt(container, "securityContext.procMount"))) {
    yield ["securityContext.procMount", "/proc is shown unmasked"];
  }
}

/** The fields of a security context that loosen SELinux. */
function* seLinuxProblems(holder: unknown): Generator<Complaint> {
  const path = "securityContext.seLinuxOptions";
  const options = mapAt(holder, path);
  for (const field of ["user", "role"]) {
    if (textAt(options, field) !== "") yield [`${path}.${field}`, "only the level may be chosen"];
  }
  if (!seLinuxTypes.includes(textAt(options, "type"))) {
    yield [`${path}.type`, `${textAt(options, "type")} is no type of a confined container`];
  }
}

/** Rules about what a container may do to its node. */
export const privilegeRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW004",
    title: "No container has privileges or can gain them",
    severity: "error",
    why: "A privileged container is root on the node. Without the lock on escalation, a set-user-id program in the image makes any user root in the container.",
    fix: unpatch,
    sources: [podSecurity],
    check: inContainers(function* ({ container }) {
      for (const field of ["allowPrivilegeEscalation", "privileged"]) {
        if (at(container, `securityContext.${field}`) === false) continue;
        yield [`securityContext.${field}`, "is not false"];
      }
    }),
  },
  {
    id: "SLW005",
    title: "Every capability is dropped, and no port needs one",
    severity: "error",
    why: "Even a user that is no root may have capabilities, such as to forge packets. A service that listens above 1023 needs none.",
    fix: "remove the patch; choose a port of 1024 or more",
    sources: [podSecurity],
    check: inContainers(function* ({ container }) {
      const path = "securityContext.capabilities";
      if (!listAt(container, `${path}.drop`).includes("ALL")) {
        yield [`${path}.drop`, "does not hold ALL"];
      }
      if (listAt(container, `${path}.add`).length > 0) yield [`${path}.add`, "adds capabilities"];
      for (const port of mapsAt(container, "ports")) {
        if (Number(port.containerPort) >= firstFreePort) continue;
        yield [`ports.${port.name}.containerPort`, `is ${port.containerPort}, a privileged port`];
      }
    }),
  },
  {
    id: "SLW006",
    title: "The root file system is read-only, and scratch space is bounded",
    severity: "error",
    why: "What cannot be written cannot be replaced by an intruder. A scratch folder without a size fills the node's disk, which evicts other pods too.",
    fix: "write below /tmp or in a volume with a size; set resources.tmp",
    sources: [hardening],
    check: inPods(function* ({ spec, containers }) {
      for (const { path, container } of containers) {
        if (at(container, "securityContext.readOnlyRootFilesystem") === true) continue;
        yield [`${path}.securityContext.readOnlyRootFilesystem`, "is not true"];
      }
      for (const volume of mapsAt(spec, "volumes")) {
        const scratch = at(volume, "emptyDir");
        if (scratch === undefined || textAt(scratch, "sizeLimit") !== "") continue;
        yield [`volumes.${volume.name}.emptyDir.sizeLimit`, "the folder has no size"];
      }
    }),
  },
  {
    id: "SLW007",
    title: "System calls are filtered by the runtime's profile",
    severity: "error",
    why: "Most ways out of a container go through a system call that no agent needs.",
    fix: unpatch,
    sources: [podSecurity, "https://kubernetes.io/docs/tutorials/security/seccomp/"],
    check: inPods(function* ({ spec, containers }) {
      const path = "securityContext.seccompProfile.type";
      const allowed = ["RuntimeDefault", "Localhost"];
      if (!allowed.includes(textAt(spec, path))) yield [path, "no profile filters system calls"];
      for (const one of containers) {
        const own = at(one.container, path);
        if (own === undefined || allowed.includes(String(own))) continue;
        yield [`${one.path}.${path}`, `${own} filters nothing`];
      }
    }),
  },
  {
    id: "SLW010",
    title: "Nothing of the node is shared",
    severity: "error",
    why: "The node's network, processes, files, ports and settings belong to every pod on it. One that reaches them is out of its container.",
    fix: "remove the patch; ask for a PersistentVolumeClaim or a Service instead",
    sources: [podSecurity],
    check: function* (subject) {
      yield* inPods(({ spec }) => nodeParts(spec))(subject);
      yield* inContainers(({ container }) => nodePartsOfContainer(container))(subject);
    },
  },
  {
    id: "SLW044",
    title: "SELinux labels are the runtime's",
    severity: "error",
    why: "A user, a role or another type takes the container out of the confinement that the runtime gives it.",
    fix: "remove the patch; set no more than seLinuxOptions.level",
    sources: [podSecurity],
    check: function* (subject) {
      yield* inPods(({ spec }) => seLinuxProblems(spec))(subject);
      yield* inContainers(({ container }) => seLinuxProblems(container))(subject);
    },
  },
];
