import { checkObject } from "../../kubernetes/check.ts";
import type { Rule } from "../rule.ts";
import type { AgentSubject } from "../subject.ts";

/** The rule that what is sent to the API server is what it knows. */
export const schemaRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW056",
    title: "Every object fits the API of the environment's Kubernetes",
    severity: "error",
    why: "The API server refuses a removed API and drops a field that it does not know, the first in the middle of a deployment, the second without a word.",
    fix: "correct the patch, or set kubernetes of the environment in stacks/pipeline.yaml to what the cluster runs",
    sources: ["https://kubernetes.io/docs/reference/using-api/deprecation-guide/"],
    check: function* ({ environment, objects }) {
      for (const object of objects) {
        for (const { path, message } of checkObject(object, environment.kubernetes)) {
          yield { at: object, path: path.join("."), message };
        }
      }
    },
  },
];
