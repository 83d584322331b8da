import { type LockedDependency, lockFileName, parseLock } from "../artifact/dependency-lock.ts";
import { checkEverything } from "../config/check.ts";
import { refuseProblems, UserError } from "../errors.ts";
import type { Hashes } from "../manifests/input.ts";
import { aloneInput } from "../stack/alone.ts";
import { parsePipeline, pipelineFile } from "../stack/pipeline.ts";
import { planStack, type Stack } from "../stack/plan.ts";
import { didYouMean } from "../text/nearest.ts";
import { draft } from "./draft.ts";
import type { Finding } from "./finding.ts";
import { type LintReport, lintStack } from "./lint.ts";
import { waiverFindings } from "./waivers.ts";

export interface WorkspaceLintInput {
  /** Texts by path from the root of the repository: all stacks, all packages and their locks. */
  readonly texts: Readonly<Record<string, string>>;
  /** @default every environment, and packages that none of them runs by themselves */
  readonly environment?: string;
  /** @default every agent */
  readonly agent?: string;
  /** SHA-256 in lower-case hex. */
  readonly sha256: Hashes["config"];
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/** What was found in a checkout. */
export interface WorkspaceLint {
  /** Environment by environment, in the order of the pipeline. */
  readonly stacks: readonly LintedStack[];
  /** What is wrong with the waivers. */
  readonly waivers: readonly Finding[];
  /** Whether a deployment would be refused: an error where the policy is mandatory. */
  readonly refused: boolean;
}

/** What was found in one environment, or in a package that no environment runs. */
export interface LintedStack extends LintReport {
  readonly environment: string;
  readonly policy: "advisory" | "mandatory";
  readonly agents: readonly string[];
  /** Agents that were looked at with a stand-in for their image: nothing was built for them yet. */
  readonly unreleased: readonly string[];
}

/**
 * Holds every rule against all that a checkout would deploy. Nothing has to be built for it, and no
 * secret is needed.
 *
 * @throws {UserError} `invalid-input` with every problem of every file; `unknown-environment`;
 * `unknown-agent`.
 */
export function lintWorkspace(input: WorkspaceLintInput): WorkspaceLint {
  const { texts, environment, agent, sha256, today } = input;
  refuseProblems(checkEverything(texts).problems);
  const pipeline = parsePipeline(pipelineFile, texts[pipelineFile] ?? "");
  const names = environment ? [environment] : pipeline.environments.map(({ name }) => name);
  const plans = names.map((name) => planStack({ environment: name, texts }));
  const alone = environment
    ? []
    : unusedPackages(plans, texts).map((name) => alonePlan(name, texts));
  const chosen = chooseAgents([...plans, ...alone], agent);
  const { waivers } = pipeline;
  const locks = readLocks(texts);
  const stacks = chosen.map((stack): LintedStack => {
    const { name, policy } = stack.environment;
    const drafted = draft(stack, sha256);
    return {
      environment: name,
      policy,
      agents: drafted.agents.map((one) => one.name),
      unreleased: drafted.unreleased,
      ...lintStack({ ...drafted, locks, waivers, today }),
    };
  });
  const used = new Set(stacks.flatMap(({ waived }) => waived.map(({ waiver }) => waiver)));
  const scope = {
    agents: new Set(
      stacks.flatMap((one) => one.agents.map((name) => `${one.environment}/${name}`)),
    ),
    complete: environment === undefined && agent === undefined,
  };
  return {
    stacks,
    waivers: waiverFindings(waivers, used, scope, today),
    refused: stacks.some(isRefused),
  };
}

function isRefused({ policy, findings }: LintedStack): boolean {
  return policy === "mandatory" && findings.some(({ severity }) => severity === "error");
}

function unusedPackages(stacks: readonly Stack[], texts: WorkspaceLintInput["texts"]) {
  const used = new Set(stacks.flatMap(({ agents }) => agents.map(({ name }) => name)));
  return Object.keys(texts)
    .flatMap((path) => /^infra\/packages\/([^/]+)\/package\.yaml$/.exec(path)?.[1] ?? [])
    .filter((name) => !used.has(name))
    .sort();
}

function alonePlan(name: string, texts: WorkspaceLintInput["texts"]): Stack {
  const stack = planStack(aloneInput(name, texts));
  return { ...stack, agents: stack.agents.filter((agent) => agent.name === name) };
}

function chooseAgents(stacks: readonly Stack[], name: string | undefined): readonly Stack[] {
  if (name === undefined) return stacks;
  const chosen = stacks
    .map((stack) => ({ ...stack, agents: stack.agents.filter((agent) => agent.name === name) }))
    .filter(({ agents }) => agents.length > 0);
  if (chosen.length > 0) return chosen;
  const known = [...new Set(stacks.flatMap(({ agents }) => agents.map((agent) => agent.name)))];
  throw new UserError(
    "unknown-agent",
    `no stack that is looked at has an agent "${name}"${didYouMean(name, known)}`,
    `choose one of: ${known.join(", ")}`,
  );
}

/** The lock of each package that has one, by the package's name. */
export function readLocks(
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, readonly LockedDependency[]>> {
  const entries = Object.entries(texts).flatMap(([path, text]) => {
    const [, name, file] = /^infra\/packages\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    return name !== undefined && file === lockFileName ? [[name, parseLock(path, text)]] : [];
  });
  return Object.fromEntries(entries);
}
