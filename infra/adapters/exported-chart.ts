import { createHash } from "node:crypto";
import { type Problem, refuseProblems, UserError } from "../domain/errors.ts";
import { exportChart, type Place } from "../domain/helm/chart.ts";
import { completeStack } from "../domain/manifests/complete.ts";
import { unsetVersion } from "../domain/render/render.ts";
import { agentInput, aloneInput } from "../domain/stack/alone.ts";
import { parsePipeline, pipelineFile } from "../domain/stack/pipeline.ts";
import { type Agent, draftStack, planStack, type Stack } from "../domain/stack/plan.ts";
import { didYouMean } from "../domain/text/nearest.ts";
import type { Values } from "../domain/values/values.ts";
import { readSecretVersions } from "./pulumi/stack-config.ts";
import { readStackTexts } from "./workspace.ts";

/** A chart, and for which environments it is. */
export interface ExportedChart {
  /** Texts by path in the chart's folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly environments: readonly string[];
  /** Environments that run the agent, but to which nothing was released yet. */
  readonly withoutRelease: readonly string[];
}

/**
 * Makes a Helm chart of an agent from the files of its stacks alone: no cluster, no state, no
 * passphrase.
 *
 * @param names of environments. @default all to which something was released
 * @throws {UserError} `unknown-agent`; `no-release` when there is nothing to export; and what
 * `planStack`, `exportChart` and `readSecretVersions` refuse.
 */
export async function readChart(agent: string, names?: readonly string[]): Promise<ExportedChart> {
  const pipeline = (await readStackTexts())[pipelineFile] ?? "";
  const all = parsePipeline(pipelineFile, pipeline).environments.map(({ name }) => name);
  const texts = await readStackTexts(...all);
  const stacks = (names ?? all).flatMap((environment) => {
    const { agents, ...stack } = planStack(agentInput(agent, environment, texts));
    const own = agents.filter(({ name }) => name === agent);
    return own.length > 0 ? [{ ...stack, agents: own }] : [];
  });
  const released = names ? stacks : stacks.filter(({ agents }) => agents[0]?.release);
  const [first, ...others] = released.length > 0 ? released : stacks;
  if (first === undefined) throw unknownAgent(agent, texts, names ?? all);
  const places = [await placeOf(first), ...(await Promise.all(others.map(placeOf)))] as const;
  const environments = places.map(({ environment }) => environment.name);
  const planned = stacks.map(({ environment }) => environment.name);
  return {
    files: exportChart({ places, packageValues: packageValues(agent, texts) }),
    environments,
    withoutRelease: planned.filter((name) => !environments.includes(name)),
  };
}

/** What the package says by itself; whether a cluster can run it is for each environment to say. */
function packageValues(agent: string, texts: Readonly<Record<string, string>>): Values {
  const problems: Problem[] = [];
  const alone = draftStack(aloneInput(agent, texts), problems);
  const found = alone?.agents.find(({ name }) => name === agent);
  if (found === undefined) refuseProblems(problems);
  return (found as Agent).values;
}

async function placeOf(stack: Stack): Promise<Place> {
  const declared = stack.agents.flatMap(({ values }) => Object.keys(values.secrets));
  const secrets = Object.fromEntries(declared.map((key) => [key, "unknown"]));
  const { environment, agents } = completeStack(stack, secrets);
  const [agent] = agents;
  if (agent === undefined) throw new RangeError("a stack without the agent");
  const versions = await readSecretVersions(environment.name);
  return {
    environment,
    agent,
    hashes: {
      config: (text) => createHash("sha256").update(text).digest("hex"),
      secret: () => versions[agent.name] ?? unsetVersion,
    },
  };
}

function unknownAgent(
  agent: string,
  texts: Readonly<Record<string, string>>,
  environments: readonly string[],
): UserError {
  const known = new Set(
    Object.keys(texts).flatMap((path) => {
      const [, name] = /^stacks\/[^/]+\/([^/]+)\//.exec(path) ?? [];
      return name === undefined ? [] : [name];
    }),
  );
  const places = environments.join(", ");
  return new UserError(
    "unknown-agent",
    `no agent "${agent}" runs in ${places}${didYouMean(agent, known)}`,
    `choose one of: ${[...known].sort().join(", ")}`,
  );
}
