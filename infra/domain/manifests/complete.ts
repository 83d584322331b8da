import { type Problem, refuseProblems, UserError } from "../errors.ts";
import type { ReleasedImage } from "../release/release.ts";
import type { Environment } from "../stack/environment.ts";
import type { Agent } from "../stack/plan.ts";
import { didYouMean } from "../text/nearest.ts";
import type { ManifestInput, ReleasedAgent } from "./input.ts";

/** An agent whose release may be a stand-in for one. */
type Releasable = Omit<Agent, "release"> & { readonly release?: ReleasedImage };

/**
 * Gives each agent of a stack its release and its share of the stack's secrets. An empty value
 * counts as absent.
 *
 * @throws {UserError} `no-release` when an agent was never released to the stack; `invalid-input`
 * when a required secret is absent or a secret belongs to no agent. Values are never repeated.
 */
export function completeStack(
  { environment, agents }: { environment: Environment; agents: readonly Releasable[] },
  secrets: Readonly<Record<string, string>>,
): ManifestInput {
  const file = `stacks/.env.${environment.name}`;
  refuseProblems(
    [
      ...agents.flatMap((agent) => absent(agent, secrets, file)),
      ...unclaimed(agents, secrets, file),
    ],
    `npx slipway secrets list ${environment.name}   # then: secrets set, secrets remove, or edit ${file}`,
  );
  return { environment, agents: agents.map((agent) => complete(agent, environment.name, secrets)) };
}

function complete(
  agent: Releasable,
  stack: string,
  secrets: Readonly<Record<string, string>>,
): ReleasedAgent {
  const { name, package: pkg, values, behaviour, release } = agent;
  if (release === undefined) {
    throw new UserError(
      "no-release",
      `nothing of ${name} was released to ${stack}: stacks/${stack}/${name}/release.json is missing`,
      `npx slipway build ${name}`,
    );
  }
  const own = Object.keys(values.secrets)
    .sort()
    .flatMap((key) => (secrets[key] ? [[key, secrets[key]] as const] : []));
  return { name, package: pkg, values, behaviour, release, secrets: Object.fromEntries(own) };
}

function absent(
  { name, values }: Releasable,
  secrets: Readonly<Record<string, string>>,
  file: string,
): readonly Problem[] {
  return Object.entries(values.secrets)
    .filter(([key, need]) => need === "required" && !secrets[key])
    .map(([key]) => ({ file, message: `${key} is missing or empty; ${name} requires it` }));
}

function unclaimed(
  agents: readonly Releasable[],
  secrets: Readonly<Record<string, string>>,
  file: string,
): readonly Problem[] {
  const declared = new Set(agents.flatMap(({ values }) => Object.keys(values.secrets)));
  return Object.keys(secrets)
    .filter((key) => !declared.has(key))
    .map((key) => ({
      file,
      message: `${key} is declared under "secrets" by no agent of the stack${didYouMean(key, declared)}`,
    }));
}
