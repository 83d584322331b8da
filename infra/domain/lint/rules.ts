import type { Rule, RulePage } from "./rule.ts";
import { conventionRules } from "./rules/conventions.ts";
import { identityRules } from "./rules/identity.ts";
import { imageRules } from "./rules/image.ts";
import { namespaceRules } from "./rules/namespace.ts";
import { networkRules } from "./rules/network.ts";
import { privilegeRules } from "./rules/privilege.ts";
import { probeRules } from "./rules/probes.ts";
import { resourceRules } from "./rules/resources.ts";
import { scalingRules } from "./rules/scaling.ts";
import { schemaRules } from "./rules/schema.ts";
import { secretRules } from "./rules/secrets.ts";
import { serviceRules } from "./rules/services.ts";
import type { AgentSubject, StackSubject } from "./subject.ts";
import { waiverPages } from "./waivers.ts";

/** Rules about what all agents of a stack share. */
export const stackRules: readonly Rule<StackSubject>[] = sorted(namespaceRules);

/** Rules about each agent by itself. */
export const agentRules: readonly Rule<AgentSubject>[] = sorted([
  ...identityRules,
  ...privilegeRules,
  ...resourceRules,
  ...probeRules,
  ...scalingRules,
  ...networkRules,
  ...serviceRules,
  ...imageRules,
  ...secretRules,
  ...conventionRules,
  ...schemaRules,
]);

/** Everything that `package lint` can find, in order of the ids. */
export const rulePages: readonly RulePage[] = sorted<RulePage>([
  ...stackRules,
  ...agentRules,
  ...waiverPages,
]);

function sorted<R extends RulePage>(rules: readonly R[]): readonly R[] {
  return [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
}
