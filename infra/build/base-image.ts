import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pushImage } from "../adapters/buildkit.ts";
import { withLock } from "../adapters/lock.ts";
import { cacheFolder } from "../adapters/paths.ts";
import { localPlatform, type Platform } from "../adapters/platform.ts";
import { CommandError, plainEnvironment, run } from "../adapters/process.ts";
import { manifestDigest, requireDigest } from "../adapters/registry.ts";
import type { Report } from "../adapters/report.ts";
import { UserError } from "../domain/errors.ts";
import { ensureTools } from "../toolchain/tools.ts";

/** Where to put the base image. */
export interface BaseImageOptions {
  readonly registry: string;
  /** Address of the BuildKit daemon, "unix:///...". */
  readonly buildkit: string;
  readonly platform: Platform;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

const suite = "bookworm";

/** Debian's essential packages, Python and the certificates that TLS clients need. */
const packages = ["python3", "ca-certificates", "usr-is-merged"];

/**
 * Nothing in an agent reads these. Python has its own character sets and needs none of the C
 * library's; times are in UTC.
 */
const excluded = [
  "/usr/share/doc/*",
  "/usr/share/man/*",
  "/usr/share/locale/*",
  "/usr/share/zoneinfo/*",
  "/usr/lib/*/gconv/*",
];

/** Only usrmerge needs Perl, and once usr-is-merged is there nothing needs usrmerge: 48 MB less. */
const purged = [
  "usrmerge",
  "libfile-find-rule-perl",
  "libnumber-compare-perl",
  "libtext-glob-perl",
  "perl",
  "perl-modules-5.36",
  "libperl5.36",
  "libgdbm-compat4",
  "libgdbm6",
];

const dockerfile = `FROM scratch
ADD rootfs.tar /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["python3"]
`;

/** 1980-01-01: the same root file system whenever it is made. */
const epoch = "315532800";

const recipe = [
  ...["--mode=root", "--variant=essential", "--format=tar", `--include=${packages.join(",")}`],
  ...excluded.map((path) => `--dpkgopt=path-exclude=${path}`),
  `--customize-hook=chroot "$1" dpkg --purge ${purged.join(" ")}`,
  // No agent changes its user, so no program in the image may.
  '--customize-hook=find "$1" -xdev -type f -perm /6000 -exec chmod a-s {} +',
];

/**
 * A base image with Python 3.11, as `repository@sha256:...`, for machines that reach Debian's
 * package servers and no registry of images. Made of Debian packages by mmdebstrap, kept in the
 * cache and in the local registry, and made again only when the recipe changes.
 *
 * @throws {UserError} `base-image` when mmdebstrap or the builder fails.
 */
export async function ensureBaseImage(options: BaseImageOptions): Promise<string> {
  const key = shortHash(JSON.stringify([suite, epoch, recipe, dockerfile, options.platform]));
  const repository = `${options.registry}/slipway/python-base`;
  const tagged = `${repository}:${suite}-${key}`;
  const look = options.signal ? { signal: options.signal } : {};
  const found = await manifestDigest(tagged, look);
  if (found) return `${repository}@${found}`;
  const folder = join(cacheFolder, "base", key);
  return withLock(`${folder}.lock`, "base image", async () => {
    await ensureRoot(folder, options);
    await pushRoot(folder, tagged, options);
    return `${repository}@${await requireDigest(tagged, look)}`;
  });
}

/** Makes the folder that the image is built from, unless it is there. */
async function ensureRoot(folder: string, { platform, report, signal }: BaseImageOptions) {
  if (existsSync(folder)) return;
  if (platform !== localPlatform()) throw otherPlatform(platform);
  report("Making the base image from Debian packages (about 40 s, once)");
  // Under the lock, so what is there was left by a run that was killed.
  const temporary = `${folder}.tmp`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
  try {
    await writeFile(join(temporary, "Dockerfile"), dockerfile);
    const architecture = `--architectures=${platform.split("/")[1]}`;
    await run("mmdebstrap", [...recipe, architecture, suite, join(temporary, "rootfs.tar")], {
      env: plainEnvironment({ SOURCE_DATE_EPOCH: epoch }),
      ...(signal && { signal }),
    });
    await rename(temporary, folder);
  } catch (error) {
    throw baseImageError(error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function pushRoot(
  folder: string,
  reference: string,
  { buildkit, platform, report, signal }: BaseImageOptions,
): Promise<void> {
  const { buildctl } = await ensureTools(["buildctl"], report);
  report(`Pushing the base image ${reference}`);
  const files = { context: folder, dockerfile: folder };
  const build = { buildctl, address: buildkit, reference, ...files, platform, epoch };
  try {
    await pushImage({ ...build, ...(signal && { signal }) });
  } catch (error) {
    throw baseImageError(error);
  }
}

function baseImageError(error: unknown): unknown {
  if (!(error instanceof CommandError)) return error;
  return new UserError(
    "base-image",
    `The base image could not be made\n${error.message}`,
    "See that apt-get update works, or set image.baseImage in package.yaml to an image that the builder can pull",
    { cause: error },
  );
}

function otherPlatform(platform: Platform): UserError {
  return new UserError(
    "base-image",
    `This machine makes base images for ${localPlatform()} only, and ${platform} is asked for`,
    "Set image.baseImage in package.yaml to an image that the builder can pull",
  );
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
