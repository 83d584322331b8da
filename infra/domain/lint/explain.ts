import { UserError } from "../errors.ts";
import { didYouMean } from "../text/nearest.ts";
import type { RulePage } from "./rule.ts";
import { rulePages } from "./rules.ts";

/** Pages of rules as data, and as text for a person. */
export interface Explained {
  readonly pages: readonly Omit<RulePage, "check">[];
  readonly text: string;
}

/**
 * Explains one rule, or lists all of them.
 *
 * @param id such as SLW013; "" lists all
 * @throws {UserError} `unknown-rule`
 */
export function explainRules(id: string): Explained {
  if (id === "") return { pages: rulePages.map(page), text: rulePages.map(line).join("\n") };
  const found = rulePages.find((rule) => rule.id === id.toUpperCase());
  if (found) return { pages: [page(found)], text: article(found) };
  throw new UserError(
    "unknown-rule",
    `there is no rule "${id}"${didYouMean(
      id,
      rulePages.map((rule) => rule.id),
    )}`,
    "npx slipway package lint --explain",
  );
}

function page({ id, title, severity, why, fix, sources }: RulePage): RulePage {
  return { id, title, severity, why, fix, sources };
}

function line({ id, severity, title }: RulePage): string {
  return `${id}  ${severity.padEnd(7)}  ${title}`;
}

function article({ id, severity, title, why, fix, sources }: RulePage): string {
  const links = sources.map((source) => `  ${source}`);
  const parts = [`${id} (${severity}): ${title}`, `Why: ${why}`, `Fix: ${fix}`];
  return [...parts, ...(links.length > 0 ? [`Read:\n${links.join("\n")}`] : [])].join("\n\n");
}
