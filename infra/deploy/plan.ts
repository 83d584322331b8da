import { createHash, createHmac } from "node:crypto";
import { defaultKubeconfig } from "../adapters/kubernetes/kubeconfig.ts";
import type { Report } from "../adapters/report.ts";
import { checkPolicy } from "../checks/lint.ts";
import { readCluster } from "../cluster/record.ts";
import { refuseObjects } from "../domain/kubernetes/check.ts";
import { completeStack } from "../domain/manifests/complete.ts";
import type { ReleasedAgent } from "../domain/manifests/input.ts";
import { manifests } from "../domain/manifests/manifests.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import type { Environment } from "../domain/stack/environment.ts";
import type { Stack } from "../domain/stack/plan.ts";
import type { StackSecrets } from "./secrets.ts";

/** What one stack should be: the input of the deploy program, complete before the engine starts. */
export interface DeployPlan {
  readonly environment: Environment;
  readonly agents: readonly ReleasedAgent[];
  readonly objects: readonly KubernetesObject[];
  readonly target: ClusterTarget;
}

/** The cluster that a stack is deployed to. */
export interface ClusterTarget {
  /** Path of the kubeconfig file. */
  readonly kubeconfig: string;
  readonly context: string;
}

/**
 * Turns a stack and its secrets into Kubernetes objects. What the environment's policy only warns of
 * is reported.
 *
 * @throws {RefusedError} `policy` when the objects break a rule that the environment enforces.
 * @throws {UserError} what `completeStack` and `refuseObjects` refuse; `no-cluster` without a local
 * cluster.
 */
export async function planDeploy(
  stack: Stack,
  secrets: StackSecrets,
  report: Report,
): Promise<DeployPlan> {
  const input = completeStack(stack, secrets.values);
  const objects = manifests(input, {
    config: (text) => createHash("sha256").update(text).digest("hex"),
    secret: (text) => createHmac("sha256", secrets.fingerprintKey).update(text).digest("hex"),
  });
  refuseObjects(objects, stack.environment.kubernetes);
  await checkPolicy(input, objects, report);
  return { ...input, objects, target: await findTarget(stack.environment) };
}

/** Where the API server of an environment is found. */
export async function findTarget({ cluster }: Environment): Promise<ClusterTarget> {
  if (cluster !== "local") return { kubeconfig: defaultKubeconfig(), context: cluster.context };
  const { kubeconfig, context } = await readCluster();
  return { kubeconfig, context };
}
