import { createHash } from "node:crypto";
import { join } from "node:path";
import { root } from "../adapters/paths.ts";
import { localPlatform } from "../adapters/platform.ts";
import type { Report } from "../adapters/report.ts";
import type { Cluster } from "../cluster/driver.ts";
import type { ImageSource } from "../components/agent-image.ts";
import type { Package } from "../domain/package/package.ts";
import { ensureBaseImage } from "./base-image.ts";
import { makeContext } from "./context.ts";
import { ensureBuildPackages } from "./packages.ts";

/** An agent whose image is to be built. */
export interface BuildableAgent {
  readonly name: string;
  /** Folder of the package from the root of the checkout. */
  readonly folder: string;
  readonly package: Pick<Package, "version" | "image">;
}

export interface BuildOptions {
  readonly agent: BuildableAgent;
  /** Whose registry gets the image, and whose builder makes it. */
  readonly cluster: Cluster;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

/** Everything that decides one build, found out before the engine starts. */
export interface BuildPlan {
  readonly agent: string;
  readonly builder: Cluster["builder"];
  readonly image: ImageSource;
}

/**
 * Gets together what a build needs: the programs, the build context and the base image.
 *
 * @throws {UserError} what `ensureBuildPackages`, `makeContext` and `ensureBaseImage` throw.
 */
export async function planBuild(options: BuildOptions): Promise<BuildPlan> {
  const { agent, cluster, report, signal } = options;
  const { builder, registry } = cluster;
  await ensureBuildPackages(builder === "docker" ? "docker" : "buildkit", report);
  const platform = localPlatform();
  const shared = { platform, report, ...(signal && { signal }) };
  const source = join(root, agent.folder, agent.package.image.context);
  const [context, baseImage] = await Promise.all([
    makeContext({ agent: agent.name, source, ...shared }),
    baseImageOf(options, shared),
  ]);
  return {
    agent: agent.name,
    builder,
    image: {
      context: context.folder,
      dockerfile: join(context.folder, "Dockerfile"),
      repository: `${registry}/${agent.name}`,
      tag: contentTag(agent.package.version, [context.hash, baseImage ?? "", platform]),
      platform,
      ...(baseImage && { baseImage }),
    },
  };
}

/** The package's own choice; else ours where images of the public registries may be out of reach. */
async function baseImageOf(
  { agent, cluster }: BuildOptions,
  shared: Pick<Parameters<typeof ensureBaseImage>[0], "platform" | "report" | "signal">,
): Promise<string | undefined> {
  const { baseImage } = agent.package.image;
  if (baseImage || cluster.builder === "docker") return baseImage;
  const { registry, builder } = cluster;
  return ensureBaseImage({ registry, buildkit: builder.buildkit, ...shared });
}

/**
 * A tag that tells contents apart: it never moves from one image to another, so whoever finds it in
 * a registry has found the image of exactly these sources.
 */
function contentTag(version: string, content: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return `${version.replaceAll("+", "_")}-${hash.slice(0, 16)}`;
}
