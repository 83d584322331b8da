import { run } from "./process.ts";
import { manifestDigest } from "./registry.ts";

/** An image to build from a Dockerfile and to push to a registry on this machine. */
export interface ImageBuild {
  /** Path of the program buildctl. */
  readonly buildctl: string;
  /** Address of the BuildKit daemon, "unix:///...". */
  readonly address: string;
  /** Name and tag. The tag changes with the content: a pushed one counts as this very image. */
  readonly reference: string;
  /** Folder of the files that the Dockerfile copies. */
  readonly context: string;
  /** Folder of the Dockerfile. */
  readonly dockerfile: string;
  /** Such as "linux/amd64". @default the daemon's own */
  readonly platform?: string;
  /** The time that everything in the image gets, in seconds since 1970. @default each file's own */
  readonly epoch?: string;
  readonly signal?: AbortSignal;
}

/**
 * Builds an image and pushes it.
 *
 * @throws {CommandError} when buildctl fails and the image is not in the registry.
 */
export async function pushImage(build: ImageBuild): Promise<void> {
  const { buildctl, reference, signal } = build;
  try {
    await run(buildctl, buildArguments(build), signal ? { signal } : {});
  } catch (error) {
    // After its work buildctl gives its traces 50 ms, and on a busy machine fails for that alone.
    const pushed = await manifestDigest(reference).catch(() => undefined);
    if (signal?.aborted || !pushed) throw error;
  }
}

function buildArguments({
  address,
  reference,
  context,
  dockerfile,
  platform,
  epoch,
}: ImageBuild): string[] {
  return [
    ...[`--addr=${address}`, "build", "--progress=plain", "--frontend=dockerfile.v0"],
    ...[`--local=context=${context}`, `--local=dockerfile=${dockerfile}`],
    ...(platform ? [`--opt=platform=${platform}`] : []),
    ...(epoch ? [`--opt=build-arg:SOURCE_DATE_EPOCH=${epoch}`] : []),
    // The registry is on this machine: packing and unpacking would only cost time.
    `--output=type=image,name=${reference},push=true,compression=uncompressed${
      epoch ? ",rewrite-timestamp=true" : ""
    }`,
  ];
}
