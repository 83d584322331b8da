import type { Environment } from "../stack/environment.ts";
import type { PromotionRequest } from "./promotion.ts";
import type { Refusal } from "./refusal.ts";

/** The way of a release through the pipeline. */
export interface Route {
  readonly from: Environment;
  readonly to: Environment;
  /** Those between, which only a hotfix goes past. */
  readonly passed: readonly Environment[];
}

/** Why there is no way: the same for every agent. */
type Obstacle = Pick<Refusal, "gate" | "reason"> & { readonly next: (agent: string) => string };

/** Finds the way that a promotion takes, or why there is none. */
export function findRoute(request: PromotionRequest): Route | { readonly refusals: Refusal[] } {
  const found = routeOrObstacle(request);
  if ("from" in found) return found;
  const { gate, reason, next } = found;
  return {
    refusals: request.agents.map(({ name }) => ({ agent: name, gate, reason, next: next(name) })),
  };
}

function routeOrObstacle({ pipeline, from, to, hotfix }: PromotionRequest): Route | Obstacle {
  const names = pipeline.environments.map(({ name }) => name);
  const end = names.indexOf(to);
  const start = from === undefined ? end - 1 : names.indexOf(from);
  const [source, target] = [pipeline.environments[start], pipeline.environments[end]];
  if (target === undefined || (source === undefined && from !== undefined)) {
    const reason = `there is no environment "${target ? from : to}"; there are ${names.join(", ")}`;
    return { gate: "order", reason, next: (agent) => promote(agent, names.at(-1) ?? "prod") };
  }
  if (source === undefined) {
    const reason = `${to} is the first environment: it gets what is built`;
    return { gate: "order", reason, next: (agent) => `npx slipway build ${agent}` };
  }
  if (start >= end) {
    const reason = `a release does not go from ${source.name} back to ${to}`;
    return { gate: "order", reason, next: (agent) => `npx slipway rollback ${to} ${agent}` };
  }
  const passed = pipeline.environments.slice(start + 1, end);
  const nearest = passed.at(-1);
  if (hotfix !== undefined && hotfix.reason.trim() === "") {
    const flags = `--from ${source.name} --hotfix --reason "<why it cannot wait>"`;
    const reason = "a hotfix needs a reason, which is recorded";
    return { gate: "hotfix", reason, next: (agent) => `${promote(agent, to)} ${flags}` };
  }
  if (nearest !== undefined && hotfix === undefined) {
    const reason = `${to} takes releases from ${nearest.name}, not from ${source.name}`;
    return { gate: "order", reason, next: (agent) => promote(agent, names[start + 1] ?? to) };
  }
  return { from: source, to: target, passed };
}

/** The command that promotes an agent to an environment. */
export function promote(agent: string, environment: string): string {
  return `npx slipway promote ${agent} --to ${environment}`;
}
