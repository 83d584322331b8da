import { at, mapAt, textAt } from "../read.ts";
import { type Complaint, inObjects, inPods, type Rule, unpatch } from "../rule.ts";
import type { AgentSubject, Pod } from "../subject.ts";

const securityContext =
  "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/";
const podSecurity = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";
const accounts = "https://kubernetes.io/docs/concepts/security/service-accounts/";

/** The lowest user and group id that no user of a node has. */
const lowestId = 10_000;

/** The pod's own security context, and those of its containers that say something else. */
function* contexts({ containers }: Pod): Generator<readonly [path: string, context: unknown]> {
  for (const { path, container } of containers) {
    yield [`${path}.securityContext`, mapAt(container, "securityContext")];
  }
}

function* idProblems(pod: Pod, field: string): Generator<Complaint> {
  const own = at(pod.spec, `securityContext.${field}`);
  if (!isHigh(own)) yield [`securityContext.${field}`, tooLow(field, own)];
  for (const [path, context] of contexts(pod)) {
    const id = at(context, field);
    if (id !== undefined && !isHigh(id)) yield [`${path}.${field}`, tooLow(field, id)];
  }
}

function isHigh(id: unknown): boolean {
  return typeof id === "number" && id >= lowestId;
}

function tooLow(field: string, id: unknown): string {
  return `${field} is ${id === undefined ? "not set" : JSON.stringify(id)}, and must be ${lowestId} or more`;
}

/** Rules about who a pod is: to the kernel, and to the API server. */
export const identityRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW001",
    title: "Nothing runs as root",
    severity: "error",
    why: "A process that breaks out of a container keeps its user. Root in the container is then root on the node.",
    fix: unpatch,
    sources: [podSecurity, securityContext],
    check: inPods(function* (pod) {
      if (at(pod.spec, "securityContext.runAsNonRoot") !== true) {
        yield ["securityContext.runAsNonRoot", "nothing keeps the image from running as root"];
      }
      for (const [path, context] of contexts(pod)) {
        if (at(context, "runAsNonRoot") === false) {
          yield [`${path}.runAsNonRoot`, "the container may run as root"];
        }
      }
    }),
  },
  {
    id: "SLW002",
    title: `The user id is a number of ${lowestId} or more`,
    severity: "error",
    why: "A low id is often a user of the node as well, with files and processes of its own there. Without a number the kubelet cannot know that a named user is not root.",
    fix: unpatch,
    sources: [securityContext],
    check: inPods((pod) => idProblems(pod, "runAsUser")),
  },
  {
    id: "SLW003",
    title: `The group ids are ${lowestId} or more, and volumes belong to that group`,
    severity: "error",
    why: "Without a group of its own a process is in group 0, whose files on many images are writable for it. The volumes' group lets it read secrets that nobody else may read.",
    fix: unpatch,
    sources: [securityContext],
    check: inPods(function* (pod) {
      yield* idProblems(pod, "runAsGroup");
      const group = at(pod.spec, "securityContext.fsGroup");
      if (!isHigh(group)) yield ["securityContext.fsGroup", tooLow("fsGroup", group)];
      if (textAt(pod.spec, "securityContext.fsGroupChangePolicy") !== "OnRootMismatch") {
        yield [
          "securityContext.fsGroupChangePolicy",
          "every start would change the owner of every file of every volume",
        ];
      }
    }),
  },
  {
    id: "SLW008",
    title: "No pod holds a token of the API server",
    severity: "error",
    why: "An agent runs what a model says. A token would let it talk to the API server in the name of its service account.",
    fix: "remove the patch; give a cloud identity by serviceAccount.annotations",
    sources: [accounts],
    check: function* (subject) {
      yield* inPods(function* ({ spec }) {
        if (at(spec, "automountServiceAccountToken") !== false) {
          yield ["automountServiceAccountToken", "the pod gets a token of the API server"];
        }
      })(subject);
      yield* inObjects<AgentSubject>(["ServiceAccount"], function* (account) {
        if (at(account, "automountServiceAccountToken") !== false) {
          yield ["automountServiceAccountToken", "pods of this account get a token by default"];
        }
      })(subject);
    },
  },
  {
    id: "SLW009",
    title: "Every pod has a service account of the agent's own",
    severity: "error",
    why: "The default account is shared by all pods of a namespace, so a right that one of them gets is everybody's. A pod with an account that does not exist never starts.",
    fix: unpatch,
    sources: [accounts],
    check: inPods(function* ({ spec }, { objects }) {
      const name = textAt(spec, "serviceAccountName");
      const exists = objects.some(
        ({ kind, metadata }) => kind === "ServiceAccount" && metadata.name === name,
      );
      if (!exists) {
        const found = name === "" ? "no account is named" : `no account "${name}" is part of it`;
        yield ["serviceAccountName", found];
      }
      if (at(spec, "serviceAccount") !== undefined) {
        yield ["serviceAccount", "is the deprecated name of serviceAccountName"];
      }
    }),
  },
];
