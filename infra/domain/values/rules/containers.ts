import { agentContainer } from "../../manifests/container.ts";
import type { Package } from "../../package/package.ts";
import { sortedEntries } from "../../plain-map.ts";
import type { Violation } from "../../text/check.ts";
import type { Values } from "../values.ts";

/** Containers of one pod that have the same name or port, and Jobs with too long a name. */
export function containerProblems(values: Values, pkg: Package): readonly Violation[] {
  return [...nameProblems(values), ...portProblems(values, pkg), ...jobProblems(values, pkg)];
}

function nameProblems({ sidecars, initContainers }: Values): readonly Violation[] {
  return [
    ...["sidecars", "initContainers"].flatMap((group) => {
      const isTaken = Object.hasOwn(
        group === "sidecars" ? sidecars : initContainers,
        agentContainer,
      );
      const message = `"${agentContainer}" is the name of the agent's own container`;
      return isTaken ? [{ path: [group, agentContainer], message }] : [];
    }),
    ...Object.keys(initContainers)
      .filter((name) => Object.hasOwn(sidecars, name))
      .map((name) => ({
        path: ["initContainers", name],
        message: `"${name}" is the name of a sidecar too`,
      })),
  ];
}

function portProblems({ sidecars }: Values, { agent }: Package): readonly Violation[] {
  const owners = new Map<number, string>();
  if (agent.port !== undefined) owners.set(agent.port, "the agent's API");
  if (agent.drain !== undefined) owners.set(agent.drain.port, "the agent's drain hook");
  return sortedEntries(sidecars).flatMap(([name, { port }]) => {
    const owner = port === undefined ? undefined : owners.get(port);
    if (port !== undefined && owner === undefined) owners.set(port, `the sidecar ${name}`);
    if (owner === undefined) return [];
    const message = `"sidecars.${name}.port" is ${port}, which is the port of ${owner}`;
    return [{ path: ["sidecars", name, "port"], message }];
  });
}

/** A Job's name becomes a label of its pods, which has room for 63 characters. */
const maxJobName = 63 - "-0123456789".length;

function jobProblems({ jobs }: Values, { name: agent }: Package): readonly Violation[] {
  return Object.keys(jobs)
    .filter((job) => `${agent}-${job}`.length > maxJobName)
    .map((job) => ({
      path: ["jobs", job],
      message: `"${agent}-${job}" is too long for a Job: at most ${maxJobName} characters, so that a hash fits behind it`,
    }));
}
