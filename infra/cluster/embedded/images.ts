import { createHash } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeAtomically } from "../../adapters/files.ts";
import { run } from "../../adapters/process.ts";
import { manifest } from "../../toolchain/manifest.ts";
import type { Tools } from "./ingredients.ts";
import { type Layout, ports, registry } from "./layout.ts";

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
  await pushImage({ reference, context: dirname(tools[name]), dockerfile: folder }, tools, paths);
}

/** An image to build: its reference, and the folders of its files and of its Dockerfile. */
export interface ImageSource {
  readonly reference: string;
  readonly context: string;
  readonly dockerfile: string;
}

/** Builds an image and pushes it to the local registry. */
export async function pushImage(source: ImageSource, tools: Tools, paths: Layout): Promise<void> {
  const { reference, context, dockerfile: folder } = source;
  const args = [
    `--addr=unix://${paths.buildkitSocket}`,
    "build",
    "--frontend=dockerfile.v0",
    `--local=context=${context}`,
    `--local=dockerfile=${folder}`,
    // It never leaves this machine: packing and unpacking would only cost time.
    `--output=type=image,name=${reference},push=true,compression=uncompressed`,
  ];
  await run(tools.buildctl, args).catch(async (error) => {
    // After its work buildctl gives its traces 50 ms, and on a busy machine fails for that alone.
    if (!(await isInRegistry(reference))) throw error;
  });
}

async function isInRegistry(reference: string): Promise<boolean> {
  const [, repository, imageTag] = /^[^/]+\/(.+):([^:]+)$/.exec(reference) ?? [];
  const url = `http://127.0.0.1:${ports.registry}/v2/${repository}/manifests/${imageTag}`;
  // Without it the registry denies having images in the format that BuildKit pushes.
  const headers = { accept: "application/vnd.oci.image.manifest.v1+json" };
  return fetch(url, { method: "HEAD", headers }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function tag(name: ImageName, program: string): Promise<string> {
  const { size, mtimeMs } = await stat(program);
  const identity = JSON.stringify([dockerfile(basename(program)), program, size, mtimeMs]);
  return `${manifest[name].version}-${createHash("sha256").update(identity).digest("hex").slice(0, 8)}`;
}
