import { createHash } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pushImage } from "../../adapters/buildkit.ts";
import { writeAtomically } from "../../adapters/files.ts";
import { manifestDigest } from "../../adapters/registry.ts";
import { manifest } from "../../toolchain/manifest.ts";
import type { Tools } from "./ingredients.ts";
import { type Layout, registry } from "./layout.ts";

/** The tools that run as containers on the cluster. */
const packaged = ["pause", "coredns", "metrics-server"] as const;

/** One of the tools that run as containers. */
export type ImageName = (typeof packaged)[number];

/** References of the images, in the local registry. */
export type Images = Readonly<Record<ImageName, string>>;

/** The references that the images of these tools have. The tag changes with the program. */
export async function nameImages(tools: Tools): Promise<Images> {
  const named = await Promise.all(
    packaged.map(
      async (name) =>
        [name, `${registry}/slipway/${name}:${await tag(name, tools[name])}`] as const,
    ),
  );
  return Object.fromEntries(named) as Record<ImageName, string>;
}

/** Builds and pushes the images that the registry does not have. */
export async function ensureImages(images: Images, tools: Tools, paths: Layout): Promise<void> {
  await Promise.all(
    packaged.map(async (name) => {
      if (!(await isInRegistry(images[name]))) await buildImage(name, images[name], tools, paths);
    }),
  );
}

/** An image of one static program, which runs as nobody. */
const dockerfile = (program: string) =>
  `FROM scratch\nCOPY ${program} /${program}\nUSER 65534:65534\nENTRYPOINT ["/${program}"]\n`;

async function buildImage(
  name: ImageName,
  reference: string,
  tools: Tools,
  paths: Layout,
): Promise<void> {
  const folder = join(paths.run, "images", name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeAtomically(join(folder, "Dockerfile"), dockerfile(basename(tools[name])));
  await pushImage({
    buildctl: tools.buildctl,
    address: `unix://${paths.buildkitSocket}`,
    reference,
    context: dirname(tools[name]),
    dockerfile: folder,
  });
}

async function isInRegistry(reference: string): Promise<boolean> {
  return (await manifestDigest(reference).catch(() => undefined)) !== undefined;
}

async function tag(name: ImageName, program: string): Promise<string> {
  const { size, mtimeMs } = await stat(program);
  const identity = JSON.stringify([dockerfile(basename(program)), program, size, mtimeMs]);
  return `${manifest[name].version}-${createHash("sha256").update(identity).digest("hex").slice(0, 8)}`;
}
