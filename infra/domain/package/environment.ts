import type { AgentContract } from "./package.ts";

/** Folder in which the agent finds its secrets, one file a key. */
export const secretsFolder = "/run/secrets/agent";

/** Folder in which the agent finds the prompts, model and tools of its package. */
export const behaviourFolder = "/etc/agent";

/** The environment variable that tells the agent where a secret's file is. */
export function secretFileVariable(key: string): string {
  return `${key}_FILE`;
}

/**
 * Environment variables by which the agent learns what its package promises, so that the app and
 * the probes, grace period and deadlines around it cannot disagree.
 */
export function contractEnvironment(agent: AgentContract): Readonly<Record<string, string>> {
  return {
    ...(agent.port !== undefined && { PORT: String(agent.port) }),
    ...(agent.drain && { ADMIN_PORT: String(agent.drain.port) }),
    ...(agent.drain && { DRAIN_SECONDS: String(agent.drain.seconds) }),
    LONGEST_TASK_SECONDS: String(agent.longestTaskSeconds),
    MAX_CONCURRENCY: String(agent.concurrencyPerPod),
  };
}
