import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../adapters/paths.ts";
import type { Platform } from "../adapters/platform.ts";
import { CommandError, plainEnvironment, run } from "../adapters/process.ts";
import type { Report } from "../adapters/report.ts";
import { UserError } from "../domain/errors.ts";

/** What runs in the image: the Python of Debian 12, which is also our base image. */
const pythonVersion = "3.11";

/** Versions of the C library that wheels may ask for (PEP 600). Debian 12 has 2.36. */
const manylinux = ["manylinux2014", "manylinux_2_28"];

const machines: Readonly<Record<Platform, string>> = {
  "linux/amd64": "x86_64",
  "linux/arm64": "aarch64",
};

/** Which wheels to get. */
export interface WheelOptions {
  /** Path of a requirements file that pins every package by version and SHA-256. */
  readonly requirements: string;
  /** The file's text. */
  readonly text: string;
  readonly platform: Platform;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

/**
 * The folder with the wheels that a requirements file pins, downloaded once for each text and
 * platform. pip checks every hash; nothing is ever built or run.
 *
 * @throws {UserError} `wheels` when pip cannot get them all.
 */
export async function ensureWheels(options: WheelOptions): Promise<string> {
  const { text, platform, report } = options;
  const parent = join(cacheFolder, "wheels");
  const folder = join(parent, sha256(JSON.stringify([text, platform, pythonVersion])).slice(0, 16));
  if (existsSync(folder)) return folder;
  report("Downloading the agent's Python packages");
  await mkdir(parent, { recursive: true });
  const temporary = await mkdtemp(`${folder}.`);
  try {
    await download(temporary, options);
    await rename(temporary, folder);
  } catch (error) {
    if (!existsSync(folder)) throw wheelsError(error, options.requirements);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}

async function download(folder: string, { requirements, platform, signal }: WheelOptions) {
  await run(
    "python3",
    [
      ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"],
      ...["--require-hashes", "--only-binary=:all:", "--no-deps"],
      ...["--implementation=cp", `--python-version=${pythonVersion}`],
      ...manylinux.map((name) => `--platform=${name}_${machines[platform]}`),
      ...[`--dest=${folder}`, `--requirement=${requirements}`],
    ],
    { env: pipEnvironment(), ...(signal && { signal }) },
  );
}

/** With the user's own settings of pip, such as an index inside the company. */
function pipEnvironment(): NodeJS.ProcessEnv {
  const settings = Object.entries(process.env).filter(([name]) => name.startsWith("PIP_"));
  return plainEnvironment(Object.fromEntries(settings));
}

function wheelsError(error: unknown, requirements: string): unknown {
  if (!(error instanceof CommandError)) return error;
  return new UserError(
    "wheels",
    `The packages that ${requirements} pins could not all be downloaded\n${error.message}`,
    "See that every package has a wheel for this platform with its hash listed: pip-compile --generate-hashes requirements.in",
    { cause: error },
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
