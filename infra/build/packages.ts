import { installPackages } from "../adapters/debian-packages.ts";
import { run } from "../adapters/process.ts";
import type { Report } from "../adapters/report.ts";

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
 * @throws {UserError} what `installPackages` throws.
 */
export async function ensureBuildPackages(kind: BuilderKind, report: Report): Promise<void> {
  const packages = await missingBuildPackages(kind);
  if (packages.length === 0) return;
  const need = `Building the image needs ${packages.join(" and ")}`;
  const elsewhere =
    "Install what the Debian packages of these names have, then run the command again";
  await installPackages({ packages, need, elsewhere }, report);
}

async function runs([command = "", ...args]: readonly string[]): Promise<boolean> {
  return run(command, args, { timeoutMs: 20_000 }).then(
    () => true,
    () => false,
  );
}
