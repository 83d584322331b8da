import { addEvidence, readLog } from "../adapters/evidence.ts";
import { aboutRelease, type EvidenceFacts } from "../domain/evidence/evidence.ts";
import type { Release } from "../domain/release/release.ts";

/** How a deployment went. */
export type DeployOutcome = Pick<EvidenceFacts, "result" | "reason" | "figures">;

/**
 * Adds to the evidence of each agent how its release was deployed. What was deployed before, and
 * well, tells nothing new: neither when it is deployed again, nor when another agent's fails.
 */
export async function noteDeployment(
  environment: string,
  releases: readonly Release[],
  outcome: DeployOutcome,
): Promise<void> {
  for (const release of releases) {
    const log = await readLog(environment, release.package);
    const last = log.findLast(({ kind }) => kind === "deployed");
    if (last?.release === release.hash && last.result === "passed") continue;
    const about = { environment, agent: release.package, ...aboutRelease(release) };
    await addEvidence({ kind: "deployed", ...about, ...outcome });
  }
}
