import { UserError } from "../errors.ts";
import type { Stack } from "../stack/plan.ts";
import type { Path, SourceDocument } from "../text/document.ts";
import { didYouMean } from "../text/nearest.ts";
import { builtIn, type LayerInput, layerFiles, readLayer } from "../values/layers.ts";
import { valuesSchema } from "../values/schema.ts";
import { defaultValues } from "../values/values.ts";
import { type Derivation, derivations } from "./derived.ts";
import { declaredKeys, leaves, lookUp } from "./keys.ts";

/** How the value of one key came about. */
export interface Explanation {
  /** Keys from the root of the values, joined by dots. */
  readonly key: string;
  /** Absent when no layer sets the key, or the highest that speaks of it removes it. */
  readonly value?: unknown;
  /** What decided. Absent when no layer says anything. */
  readonly decided?: Statement;
  /** What lower layers say in vain, the highest first. */
  readonly hidden: readonly Statement[];
  /** What holds instead where nothing sets the key. */
  readonly derived?: Derivation;
}

/** What one layer says about a key. Lines and columns count from 1. */
export interface Statement {
  readonly layer: string;
  readonly line?: number;
  readonly column?: number;
  /** Absent when the layer removes what it inherits. */
  readonly value?: unknown;
}

/** What to explain. */
export interface Question extends LayerInput {
  readonly agent: string;
  /** A key, or what several begin with, such as `resources`. @default all keys */
  readonly key?: string;
}

/**
 * Explains values of one agent of a sound stack: the layer and the place that decided each, and what
 * it hid. Keys are in the order of the alphabet.
 *
 * @throws {UserError} `unknown-agent`, `unknown-key`
 */
export function explain(stack: Stack, question: Question): readonly Explanation[] {
  const agent = stack.agents.find(({ name }) => name === question.agent);
  if (agent === undefined) throw unknownAgent(question.agent, stack);
  const layers = layerFiles(stack.environment.name, agent.name)
    .map((file) => readLayer(file, question))
    .reverse();
  const derived = derivations(agent, stack.environment, question.texts);
  const said = leaves([defaultValues, agent.values, ...layers.map(({ value }) => value)]);
  const follows = [...derived.keys()];
  const names = [...said.keys()]
    // Of a map in which nothing is set, what holds instead is in it.
    .filter((name) => !follows.some((key) => key === name || key.startsWith(`${name}.`)))
    .concat(follows)
    .sort();
  return asked(names, question.key).map((key) => {
    const path = said.get(key) ?? key.split(".");
    const value = lookUp(agent.values, path);
    const [decided, ...hidden] = [
      ...layers.flatMap((layer) => statement(layer, path)),
      ...builtInStatement(path),
    ];
    const instead = value === undefined ? derived.get(key) : undefined;
    return {
      key,
      ...(value !== undefined && { value }),
      ...(decided && { decided }),
      hidden,
      ...(instead && { derived: instead }),
    };
  });
}

function statement(layer: SourceDocument, path: Path): readonly Statement[] {
  const value = lookUp(layer.value, path);
  if (value === undefined) return [];
  const { file, message: _, ...place } = layer.problemAt(path, "");
  return [{ layer: file, ...place, ...(value !== null && { value }) }];
}

function builtInStatement(path: Path): readonly Statement[] {
  const value = lookUp(defaultValues, path);
  return value === undefined ? [] : [{ layer: builtIn, value }];
}

/** The names that a question means; those of `overrides` may be asked for without it. */
function asked(names: readonly string[], key: string | undefined): readonly string[] {
  if (key === undefined) return names;
  const meant = names.filter((name) =>
    [key, `overrides.${key}`].some((start) => name === start || name.startsWith(`${start}.`)),
  );
  if (meant.length > 0) return meant;
  const declared = declaredKeys(valuesSchema);
  if (declared.includes(key)) return [key];
  throw new UserError(
    "unknown-key",
    `there is no key "${key}"${didYouMean(key, [...names, ...declared])}`,
    "npx slipway config explain <environment> <agent>   # without a key, for all of them",
  );
}

function unknownAgent(name: string, { environment, agents }: Stack): UserError {
  const known = agents.map((agent) => agent.name);
  return new UserError(
    "unknown-agent",
    `no agent "${name}" runs in ${environment.name}${didYouMean(name, known)}`,
    `choose one of: ${known.join(", ") || `none yet; npx slipway build <agent>`}`,
  );
}
