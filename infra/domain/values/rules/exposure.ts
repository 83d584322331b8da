import { canonicalJson } from "../../canonical.ts";
import type { Package } from "../../package/package.ts";
import type { Violation } from "../../text/check.ts";
import { defaultValues, type Values } from "../values.ts";

/** Ways into the agent that nobody could take. */
export function exposureProblems(values: Values, { agent }: Package): readonly Violation[] {
  return agent.port === undefined ? portlessProblems(values) : serviceProblems(values);
}

function serviceProblems({ service, networkPolicy }: Values): readonly Violation[] {
  const problems: Violation[] = [];
  if (service.type === "ClusterIP" && service.nodePort !== undefined) {
    const message = `"service.nodePort" needs "service.type" NodePort or LoadBalancer; null removes it`;
    problems.push({ path: ["service", "nodePort"], message });
  }
  if (service.type !== "ClusterIP" && networkPolicy.ingress.cidrs.length === 0) {
    const message = `"service.type" is ${service.type}, but "networkPolicy.ingress.cidrs" lets nobody outside the cluster in`;
    problems.push({ path: ["service", "type"], message });
  }
  return problems;
}

function portlessProblems(values: Values): readonly Violation[] {
  const isDefault = canonicalJson(values.service) === canonicalJson(defaultValues.service);
  const said = [values.ingress && "ingress", values.route && "route", !isDefault && "service"];
  return said
    .filter((key) => typeof key === "string")
    .map((key) => ({
      path: [key],
      message: `"${key}" leads to an agent that has no "port" in package.yaml and serves nobody`,
    }));
}
