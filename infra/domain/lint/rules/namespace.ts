import { pipelineFile } from "../../stack/pipeline.ts";
import { listAt, mapAt } from "../read.ts";
import { inObjects, type Offence, type Rule } from "../rule.ts";
import type { StackSubject } from "../subject.ts";

const admission = "https://kubernetes.io/docs/concepts/security/pod-security-admission/";
const modes = ["enforce", "audit", "warn"];

/** A complaint about something that is not there stands at the file that would make it. */
function* required(subject: StackSubject, kind: string, why: string): Generator<Offence> {
  if (subject.objects.some((object) => object.kind === kind)) return;
  yield {
    at: pipelineFile,
    path: subject.environment.name,
    message: `there is no ${kind}: ${why}`,
  };
}

/** Rules about a stack as a whole. */
export const namespaceRules: readonly Rule<StackSubject>[] = [
  {
    id: "SLW028",
    title: "The namespace is the stack's own, and admits only restricted pods",
    severity: "error",
    why: "The labels make the API server itself refuse a pod with privileges, whoever creates it. With their version a cluster upgrade changes no rule.",
    fix: "let Slipway make the namespace: give the environment one of its own in stacks/pipeline.yaml",
    sources: [admission],
    check: function* (subject) {
      yield* required(subject, "Namespace", "pods would run in somebody else's");
      yield* inObjects<StackSubject>(["Namespace"], function* ({ metadata }) {
        if (metadata.name === "default") yield ["metadata.name", "is default"];
        const labels = mapAt(metadata, "labels");
        for (const mode of modes.map((name) => `pod-security.kubernetes.io/${name}`)) {
          if (labels[mode] !== "restricted")
            yield [`metadata.labels[${mode}]`, "is not restricted"];
          if (/^v1\.\d+$/.test(String(labels[`${mode}-version`]))) continue;
          yield [`metadata.labels[${mode}-version]`, "names no version such as v1.34"];
        }
      })(subject);
    },
  },
  {
    id: "SLW045",
    title: "The namespace has a quota, and bounds for each container",
    severity: "error",
    why: "An autoscaler that runs away takes the whole cluster with it, unless its namespace ends somewhere.",
    fix: "set quota and limitRange of the environment in stacks/pipeline.yaml",
    sources: ["https://kubernetes.io/docs/concepts/policy/resource-quotas/"],
    check: function* (subject) {
      yield* required(subject, "ResourceQuota", "the stack may use the whole cluster");
      yield* required(subject, "LimitRange", "one container may use the whole quota");
    },
  },
  {
    id: "SLW046",
    title: "The namespace is closed in both directions until something opens it",
    severity: "error",
    why: "Whatever runs there without a policy of its own, such as a pod for a quick look, would be open to all.",
    fix: "keep the policy default-deny as Slipway makes it",
    sources: [
      "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies",
    ],
    check: function* ({ environment, objects }) {
      const closes = objects.some(
        (object) =>
          object.kind === "NetworkPolicy" &&
          Object.keys(mapAt(object, "spec.podSelector")).length === 0 &&
          ["Ingress", "Egress"].every((one) => listAt(object, "spec.policyTypes").includes(one)),
      );
      if (closes) return;
      const message = "no NetworkPolicy closes every pod of the namespace in both directions";
      yield { at: pipelineFile, path: environment.name, message };
    },
  },
];
