import type { Budget } from "./budget.ts";
import { type Node, PatternParser, type Place } from "./pattern-parser.ts";

/**
 * A regular expression that takes time in proportion to the text, whatever the two are. Node's own
 * can take years for `(a+)+$`, and a package's schema is a file that somebody else wrote.
 */
export interface Pattern {
  /** Whether the expression is found anywhere in a text. Each step is taken from the budget. */
  test(text: string, budget: Budget): boolean;
}

/** Repetitions are written out, so `{1000}{1000}` would be a program of a million steps. */
const maxProgramLength = 5000;

/** Groups are read inside one another, and so many can be open at once. */
const maxSourceLength = 1000;

/** What a step asks for, and where it leads. Undefined is the end: the expression was found. */
type Step =
  | { readonly kind: "character"; readonly test: RegExp; readonly next: number }
  | { readonly kind: "fork"; next: readonly number[] }
  | { readonly kind: "place"; readonly holds: Place; readonly next: number }
  | {
      readonly kind: "ahead";
      readonly start: number;
      readonly negative: boolean;
      readonly next: number;
    }
  | { readonly kind: "found" };

/**
 * Compiles an expression of ECMA-262 with its Unicode rules. Returns what is wrong with it instead
 * when it is none, when it looks behind or back, or when it is too long.
 */
export function compilePattern(source: string): Pattern | string {
  if (source.length > maxSourceLength) return "must not be so long";
  try {
    new RegExp(source, "u");
  } catch {
    return "must be a regular expression";
  }
  const unsupported = /\\[1-9]|\\k<|\(\?(<[=!]|[a-z-])/.exec(
    source.replaceAll(/\\[^1-9k]|\[(\\.|[^\]])*\]/gu, "."),
  );
  if (unsupported) return "must not look behind, refer back or change flags";
  const program = new Program();
  const start = program.add(new PatternParser(source).choice(), program.push({ kind: "found" }));
  if (program.steps.length > maxProgramLength) return "must not repeat so much";
  return {
    test: (text, budget) => new Search(program.steps, [...text], budget).from(start, 0, true),
  };
}

/** Steps of an automaton. Each node is added in front of the step that follows it. */
class Program {
  readonly steps: Step[] = [];

  push(step: Step): number {
    if (this.steps.length <= maxProgramLength) this.steps.push(step);
    return this.steps.length - 1;
  }

  add(node: Node, next: number): number {
    switch (node.kind) {
      case "character":
      case "place":
        return this.push({ ...node, next });
      case "sequence":
        return node.nodes.reduceRight((after, inner) => this.add(inner, after), next);
      case "choice":
        return this.push({ kind: "fork", next: node.nodes.map((inner) => this.add(inner, next)) });
      case "ahead": {
        const start = this.add(node.node, this.push({ kind: "found" }));
        return this.push({ kind: "ahead", start, negative: node.negative, next });
      }
      case "repeat":
        return this.repeat(node.node, node.min, node.max, next);
    }
  }

  private repeat(node: Node, min: number, max: number, next: number): number {
    let start = next;
    if (max === Number.POSITIVE_INFINITY) {
      const fork: Step = { kind: "fork", next: [] };
      start = this.push(fork);
      fork.next = [this.add(node, start), next];
    }
    const optional = max === Number.POSITIVE_INFINITY ? 0 : max - min;
    for (let count = 0; count < optional && this.fits(); count++) {
      start = this.push({ kind: "fork", next: [this.add(node, start), next] });
    }
    for (let count = 0; count < min && this.fits(); count++) start = this.add(node, start);
    return start;
  }

  private fits(): boolean {
    return this.steps.length <= maxProgramLength;
  }
}

/** All ways through the program at once, one character after another. */
class Search {
  private readonly steps: readonly Step[];
  private readonly characters: readonly string[];
  private readonly budget: Budget;

  constructor(steps: readonly Step[], characters: readonly string[], budget: Budget) {
    this.steps = steps;
    this.characters = characters;
    this.budget = budget;
  }

  /** Whether the end is reached from a step, at this character or, if `anywhere`, at a later one. */
  from(start: number, first: number, anywhere: boolean): boolean {
    let reached: readonly number[] = [];
    for (let index = first; index <= this.characters.length; index++) {
      const begun = index === first || anywhere ? [...reached, start] : reached;
      const open = this.open(begun, index);
      if (open === "found") return true;
      const character = this.characters[index];
      if (character === undefined || (open.length === 0 && !anywhere)) return false;
      reached = open.flatMap(({ test, next }) => (test.test(character) ? next : []));
    }
    return false;
  }

  /** The steps that ask for a character, as far as they are reached without one. */
  private open(begun: readonly number[], index: number) {
    const seen = new Set<number>();
    const found: Extract<Step, { kind: "character" }>[] = [];
    const waiting = [...begun];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      this.budget.spend(1);
      const step = this.steps[at];
      if (step === undefined || seen.has(at)) continue;
      seen.add(at);
      if (step.kind === "found") return "found";
      if (step.kind === "character") found.push(step);
      else if (step.kind === "fork") waiting.push(...step.next);
      else if (this.holds(step, index)) waiting.push(step.next);
    }
    return found;
  }

  private holds(step: Extract<Step, { kind: "place" | "ahead" }>, index: number): boolean {
    if (step.kind === "place") return step.holds(this.characters, index);
    return this.from(step.start, index, false) !== step.negative;
  }
}
