import { canonicalJson } from "../canonical.ts";
import { UserError } from "../errors.ts";
import { travelling } from "../release/release.ts";
import type { Agent, Stack } from "../stack/plan.ts";
import { didYouMean } from "../text/nearest.ts";
import { leaves, lookUp } from "./keys.ts";

/** Something in which two environments differ. A side that does not have it is absent. */
export interface Difference {
  /** `<agent>:<key>`, or `environment.<key>` for what the pipeline says. */
  readonly name: string;
  readonly left?: unknown;
  readonly right?: unknown;
  /** Whether the pipeline's list of allowed differences has it. */
  readonly allowed: boolean;
}

/** How one secret of an agent compares. No part of it shows. */
export interface SecretComparison {
  readonly name: string;
  /** `unknown` when a side cannot be read here. */
  readonly verdict: "same" | "different" | "unknown";
  readonly left: string;
  readonly right: string;
  readonly allowed: boolean;
}

/** One side of a comparison. */
export interface Side {
  readonly stack: Stack;
  /** The stack's secrets by key; undefined when they cannot be read here. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** What is to be compared, and how. */
export interface Comparison {
  readonly left: Side;
  readonly right: Side;
  /** As in the pipeline: `<key>` or `<agent>:<key>`, each with what is below. */
  readonly allowed: readonly string[];
  /** Only this agent, and nothing of the environments themselves. @default everything */
  readonly agent?: string;
  /** Keyed digest of a text, the same for both sides. */
  readonly fingerprint: (text: string) => string;
}

/**
 * Compares what two sound stacks resolve to: values, releases, what the pipeline says of the
 * environments, and secrets.
 *
 * @throws {UserError} `unknown-agent`
 */
export function diff(comparison: Comparison): {
  readonly differences: readonly Difference[];
  readonly secrets: readonly SecretComparison[];
} {
  const { left, right, agent } = comparison;
  const known = [left, right].flatMap(({ stack }) => stack.agents.map(({ name }) => name));
  if (agent !== undefined && !known.includes(agent)) {
    throw new UserError(
      "unknown-agent",
      `no agent "${agent}" runs in ${left.stack.environment.name} or ${right.stack.environment.name}${didYouMean(agent, known)}`,
      `choose one of: ${[...new Set(known)].join(", ")}`,
    );
  }
  const names = [...new Set(known)].sort().filter((name) => agent === undefined || name === agent);
  const own = agent === undefined ? environmentDifferences(comparison) : [];
  return {
    differences: [...own, ...names.flatMap((name) => agentDifferences(name, comparison))],
    secrets: names.flatMap((name) => secretComparisons(name, comparison)),
  };
}

function environmentDifferences({ left, right, allowed }: Comparison): readonly Difference[] {
  const tree = ({ stack }: Side) => {
    const { name: _, ...environment } = stack.environment;
    return { environment };
  };
  return treeDifferences(tree(left), tree(right), (key) => ({
    name: key,
    allowed: isAllowed(key, undefined, allowed),
  }));
}

function agentDifferences(agent: string, { left, right, allowed }: Comparison) {
  const label = (key: string) => ({
    name: `${agent}:${key}`,
    allowed: isAllowed(key, agent, allowed),
  });
  const [one, other] = [find(agent, left), find(agent, right)];
  // Of an agent that only one side has, this alone is the difference.
  if (one === undefined || other === undefined) {
    return [{ ...label("runs"), ...(one ? { left: true } : { right: true }) }];
  }
  return treeDifferences(settings(one), settings(other), label);
}

function settings({ values, release }: Agent): unknown {
  return { ...values, ...(release && { release: travelling(release) }) };
}

function find(agent: string, { stack }: Side): Agent | undefined {
  return stack.agents.find(({ name }) => name === agent);
}

function treeDifferences(
  left: unknown,
  right: unknown,
  label: (key: string) => Pick<Difference, "name" | "allowed">,
): readonly Difference[] {
  return [...leaves([left, right])].flatMap(([key, path]) => {
    const [one, other] = [lookUp(left, path), lookUp(right, path)];
    if (canonicalJson([one]) === canonicalJson([other])) return [];
    return [
      {
        ...label(key),
        ...(one !== undefined && { left: one }),
        ...(other !== undefined && { right: other }),
      },
    ];
  });
}

function secretComparisons(agent: string, comparison: Comparison): readonly SecretComparison[] {
  const { left, right, allowed } = comparison;
  const declared = [left, right].flatMap((side) =>
    Object.keys(find(agent, side)?.values.secrets ?? {}),
  );
  return [...new Set(declared)].sort().map((key) => {
    const [one, other] = [left, right].map((side) => sealed(key, side, comparison)) as [
      string,
      string,
    ];
    const open = [one, other].includes(unreadable);
    return {
      name: `${agent}:secrets.${key}.value`,
      verdict: open ? "unknown" : one === other ? "same" : "different",
      left: one,
      right: other,
      allowed: isAllowed(`secrets.${key}.value`, agent, allowed),
    };
  });
}

const unreadable = "not readable here";

/** What may be shown of a secret. With its key in it, equal values of two secrets look different. */
function sealed(key: string, { secrets }: Side, { fingerprint }: Comparison): string {
  if (secrets === undefined) return unreadable;
  const value = secrets[key];
  return value ? fingerprint(`${key}\n${value}`).slice(0, 8) : "not set";
}

function isAllowed(key: string, agent: string | undefined, allowed: readonly string[]): boolean {
  return allowed.some((entry) => {
    const [, owner, start = ""] = /^(?:([^:]*):)?(.*)$/s.exec(entry) ?? [];
    if (owner !== undefined && owner !== agent) return false;
    return key === start || key.startsWith(`${start}.`);
  });
}
