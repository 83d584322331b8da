import { access } from "node:fs/promises";
import { CommandError, plainEnvironment, run } from "../adapters/process.ts";
import type { Report } from "../adapters/report.ts";
import { UserError } from "../domain/errors.ts";

/** What turns a build context into an image: the Docker engine, or a BuildKit daemon. */
export type BuilderKind = "docker" | "buildkit";

/** How to see that a program is there, and the Debian package that has it. */
const downloadsWheels = { command: ["python3", "-m", "pip", "--version"], package: "python3-pip" };
const makesBaseImage = { command: ["mmdebstrap", "--version"], package: "mmdebstrap" };

/**
 * Debian packages that a build with this kind of builder needs and that are not on the machine, so
 * that the user can be asked before `ensureBuildPackages` installs them.
 */
export async function missingBuildPackages(kind: BuilderKind): Promise<readonly string[]> {
  const needed = kind === "buildkit" ? [downloadsWheels, makesBaseImage] : [downloadsWheels];
  const missing = await Promise.all(
    needed.map(async (program) => ((await runs(program.command)) ? [] : [program.package])),
  );
  return missing.flat();
}

/**
 * Makes sure that the programs which a build needs are on the machine, by apt-get where they are
 * missing.
 *
 * @throws {UserError} `build-packages` without root on Debian, or when apt-get fails.
 */
export async function ensureBuildPackages(kind: BuilderKind, report: Report): Promise<void> {
  const packages = await missingBuildPackages(kind);
  if (packages.length === 0) return;
  const install = ["install", "--yes", "--no-install-recommends", ...packages];
  const hint = `apt-get ${install.join(" ")}`;
  if (!(await mayInstall())) {
    throw new UserError(
      "build-packages",
      `Building the image needs ${packages.join(" and ")}, which this user can't install here`,
      hint,
    );
  }
  report(`Installing Debian packages: ${packages.join(", ")}`);
  const env = plainEnvironment({ DEBIAN_FRONTEND: "noninteractive" });
  try {
    await run("apt-get", ["update", "--quiet"], { env });
    await run("apt-get", install, { env });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError("build-packages", error.message, hint, { cause: error });
  }
}

async function mayInstall(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  return access("/usr/bin/apt-get").then(
    () => true,
    () => false,
  );
}

async function runs([command = "", ...args]: readonly string[]): Promise<boolean> {
  return run(command, args, { timeoutMs: 20_000 }).then(
    () => true,
    () => false,
  );
}
