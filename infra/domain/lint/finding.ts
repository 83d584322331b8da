import type { RulePage, Severity } from "./rule.ts";

/** One place where a rule is not kept. */
export interface Finding {
  /** Id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly environment: string;
  /** Absent when it is about the stack as a whole. */
  readonly agent?: string;
  /** Kind and name of the object, or the path of a file. */
  readonly where: string;
  /** Dotted path inside of it; items of lists by their name. */
  readonly path: string;
  readonly message: string;
  /** How to keep the rule. */
  readonly hint: string;
}

/** A finding of a rule. */
export function finding(
  { id, severity, fix }: RulePage,
  place: Omit<Finding, "rule" | "severity" | "hint">,
): Finding {
  return { rule: id, severity, ...place, hint: fix };
}

/** A finding as two lines of text, the second with what to do. */
export function describeFinding({ rule, severity, where, path, message, hint }: Finding): string {
  const place = path === "" ? where : `${where}, ${path}`;
  return `${severity} ${rule} ${place}: ${message}\n  fix: ${hint}`;
}
