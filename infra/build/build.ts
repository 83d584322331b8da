import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "../adapters/lock.ts";
import { cacheFolder, projectFolder } from "../adapters/paths.ts";
import {
  backendFolder,
  type EngineRun,
  ensureStack,
  runEngine,
} from "../adapters/pulumi/engine.ts";
import { passphraseFile } from "../adapters/pulumi/stack-config.ts";
import { type LookUp, manifestDigest, requireDigest } from "../adapters/registry.ts";
import type { Report } from "../adapters/report.ts";
import { UserError } from "../domain/errors.ts";
import { isImageReference } from "../domain/release/release.ts";
import { ensureTools } from "../toolchain/tools.ts";
import { buildxEnvironment, writeBuildxInstance } from "./buildx.ts";
import { type BuildOptions, type BuildPlan, planBuild } from "./plan.ts";
import { buildProgram } from "./program.ts";

/** What a build came to. */
export interface BuiltImage {
  /** `repository@sha256:<64 hex>`, seen in the registry. */
  readonly reference: string;
  /** False when the registry already had the image of these very sources. */
  readonly changed: boolean;
}

/**
 * Makes sure that the registry has the image of an agent's sources as they are now. An image that
 * is there is not built again; else the engine builds and pushes it, in a stack of the agent's own.
 *
 * @throws {UserError} what `planBuild` and `runEngine` throw; `image-not-in-registry` when the image
 * is not where it was pushed to; `registry-unreachable`.
 */
export async function buildAgent(options: BuildOptions): Promise<BuiltImage> {
  // One at a time for each agent, because the context is one folder that a build reads while it runs.
  const lock = join(cacheFolder, "contexts", `${options.agent.name}.lock`);
  return withLock(lock, `build of ${options.agent.name}`, async () => {
    const plan = await planBuild(options);
    const { repository, tag } = plan.image;
    const found = await manifestDigest(`${repository}:${tag}`, lookUp(plan, options));
    if (found) return { reference: `${repository}@${found}`, changed: false };
    return { reference: await buildAndPush(plan, options), changed: true };
  });
}

async function buildAndPush(plan: BuildPlan, options: BuildOptions): Promise<string> {
  const engine = await prepareEngine(plan, options);
  const reference = await runBuild(engine);
  if (await manifestDigest(reference, lookUp(plan, options))) return reference;
  // The state remembers an image that the registry has lost, so there was nothing to do for it.
  options.report("The registry no longer has the image: building it again");
  await runEngine("destroy", engine);
  const rebuilt = await runBuild(engine);
  await requireDigest(rebuilt, lookUp(plan, options));
  return rebuilt;
}

function lookUp({ image: { platform } }: BuildPlan, { signal }: BuildOptions): LookUp {
  return { platform, ...(signal && { signal }) };
}

async function prepareEngine(plan: BuildPlan, options: BuildOptions): Promise<EngineRun> {
  const { report, signal } = options;
  const environment = await prepareBuilder(plan.builder, report);
  for (const folder of [backendFolder, join(projectFolder, "config")]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  const engine: EngineRun = {
    project: "build",
    stack: plan.agent,
    // Nothing in this project is secret, so its stacks share one passphrase.
    passphraseFile: await passphraseFile("build"),
    program: () => buildProgram(plan),
    environment,
    report,
    ...(signal && { signal }),
  };
  await ensureStack(engine);
  return engine;
}

/** Puts in place what the engine needs for a builder, and returns what it adds to the environment. */
async function prepareBuilder(builder: BuildPlan["builder"], report: Report) {
  if (builder === "docker") {
    await ensureTools(["pulumi"], report);
    // Whoever has Docker reaches the internet, where the engine finds this plugin by itself.
    return { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "false" };
  }
  await ensureTools(["pulumi", "pulumi-resource-docker-build"], report);
  await writeBuildxInstance(builder.buildkit);
  return buildxEnvironment;
}

async function runBuild(engine: EngineRun): Promise<string> {
  const { image } = (await runEngine("up", engine)).outputs;
  if (typeof image === "string" && isImageReference(image)) return image;
  throw new UserError(
    "image-not-pushed",
    `The build of ${engine.stack} ended without a digest in the registry`,
    "npx slipway cluster status",
  );
}
