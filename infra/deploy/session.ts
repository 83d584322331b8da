import { mkdir } from "node:fs/promises";
import { readConnection } from "../adapters/kubernetes/kubeconfig.ts";
import { backendFolder, type EngineRun, ensureStack } from "../adapters/pulumi/engine.ts";
import { passphraseFile } from "../adapters/pulumi/stack-config.ts";
import { readStack } from "../adapters/read-stack.ts";
import { manifestDigest } from "../adapters/registry.ts";
import { UserError } from "../domain/errors.ts";
import type { ReleasedAgent } from "../domain/manifests/input.ts";
import { ensureTools } from "../toolchain/tools.ts";
import type { DeployOptions } from "./deploy.ts";
import { type DeployPlan, planDeploy } from "./plan.ts";
import { recordSecretVersions, syncSecrets } from "./secrets.ts";

/** A stack that is ready to be handed to the engine. */
export interface Session {
  /** What the engine needs to know, program and all. */
  readonly engine: EngineRun;
  readonly plan: DeployPlan;
}

/**
 * Gets everything together that a preview or a deployment needs, and refuses what cannot work:
 * the files, the passphrase, the secrets, an image that its registry does not have. No cluster is
 * called.
 */
export async function openSession(options: DeployOptions): Promise<Session> {
  const { stack: name, report, signal } = options;
  const stack = await readStack(name);
  await mkdir(backendFolder, { recursive: true, mode: 0o700 });
  await ensureTools(["pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes"], report);
  const access: EngineRun = {
    project: "deploy",
    stack: name,
    passphraseFile: await passphraseFile(name),
    report,
    signal,
  };
  const opening = syncSecrets(access);
  // The passphrase's key is derived on another core while this one loads the engine's SDK.
  const loading = import("./program.ts");
  const secrets = await opening;
  const plan = await planDeploy(stack, secrets, report);
  await Promise.all(plan.agents.map(requireImage));
  const { deployProgram } = await loading;
  const engine = {
    ...access,
    secrets: Object.values(secrets.values),
    environment: await bypassProxy(plan),
    program: () => deployProgram(plan),
  };
  await ensureStack(engine);
  await recordSecretVersions(plan.objects, engine);
  return { engine, plan };
}

/** A proxy for the internet must not come between the provider and this machine's own cluster. */
async function bypassProxy({ target, environment }: DeployPlan): Promise<NodeJS.ProcessEnv> {
  if (environment.cluster !== "local") return {};
  const { server } = await readConnection(target.kubeconfig, target.context);
  const hosts = [process.env.NO_PROXY ?? process.env.no_proxy, new URL(server).hostname];
  const list = hosts.filter(Boolean).join(",");
  return { NO_PROXY: list, no_proxy: list };
}

async function requireImage({ name, release }: ReleasedAgent): Promise<void> {
  if (await manifestDigest(release.image)) return;
  throw new UserError(
    "image-missing",
    `The image of ${name}, ${release.image}, is not in its registry`,
    `npx slipway build ${name}`,
  );
}
