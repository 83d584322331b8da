import { rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../domain/errors.ts";
import { readIfExists } from "./files.ts";
import { withLock } from "./lock.ts";
import { CommandError, plainEnvironment, run } from "./process.ts";
import { adminPath, findAdminProgram } from "./programs.ts";
import type { Report } from "./report.ts";

/** Debian packages that something can't do without. */
export interface PackageRequest {
  readonly packages: readonly string[];
  /** What needs them, for the error when they can't be installed: "The cluster needs runc". */
  readonly need: string;
  /** What to do on a machine without apt-get. */
  readonly elsewhere: string;
}

/** Files of the machine that an installation uses. */
export interface InstallFiles {
  /** Asked by every Debian package before it starts a service (invoke-rc.d(8)). */
  readonly policy: string;
  /** Held while the policy is in place. */
  readonly lock: string;
}

const machineFiles: InstallFiles = {
  policy: "/usr/sbin/policy-rc.d",
  lock: "/run/slipway-packages.lock",
};

/**
 * Installs Debian packages from fresh package lists, without what they only recommend and without
 * starting their services. Waits up to 10 minutes for another apt.
 *
 * @throws {UserError} `packages-missing` without apt-get or without root; `packages-failed` when
 * apt-get fails.
 */
export async function installPackages(
  request: PackageRequest,
  report: Report,
  files: InstallFiles = machineFiles,
): Promise<void> {
  await refuseUnlessDebianRoot(request);
  report(`Installing Debian packages: ${request.packages.join(", ")}`);
  const install = () => withoutServices(files.policy, () => updateAndInstall(request, report));
  await withLock(files.lock, "installing packages", install, (owner) =>
    report(`Waiting for process ${owner.pid} (${owner.purpose})`),
  );
}

async function refuseUnlessDebianRoot(request: PackageRequest): Promise<void> {
  const { need, elsewhere } = request;
  if (!(await findAdminProgram("apt-get"))) {
    const message = `${need}, and this machine has no apt-get to install it`;
    throw new UserError("packages-missing", message, elsewhere);
  }
  if (process.getuid?.() !== 0) {
    const message = `${need}, which only root can install`;
    throw new UserError("packages-missing", message, `sudo ${commandLine(request)}`);
  }
}

async function updateAndInstall(request: PackageRequest, report: Report): Promise<void> {
  try {
    await updateLists(report);
    const timeout = `DPkg::Lock::Timeout=${lockSeconds}`;
    await aptGet(["-o", timeout, ...installArguments(request)]);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const hint = commandLine(request);
    throw new UserError("packages-failed", error.message, hint, { cause: error });
  }
}

const lockSeconds = 600;

/** apt's own waiting is for the lock of dpkg only: for the one of the lists it fails at once. */
async function updateLists(report: Report): Promise<void> {
  const end = Date.now() + lockSeconds * 1000;
  for (let told = false; ; told = true) {
    try {
      return await aptGet(["update", "--quiet"]);
    } catch (error) {
      const holder =
        error instanceof CommandError && /^E: Could not get lock.*/m.exec(error.stderr);
      if (!holder || Date.now() > end) throw error;
      if (!told) report(`Waiting for another apt: ${holder[0].slice("E: ".length)}`);
      await delay(500);
    }
  }
}

async function aptGet(args: readonly string[]): Promise<void> {
  const env = plainEnvironment({
    PATH: adminPath(), // dpkg refuses to work without the folders of administrators' programs.
    DEBIAN_FRONTEND: "noninteractive",
    LC_ALL: "C.UTF-8",
    [marker]: "1",
  });
  await run("apt-get", args, { env });
}

/** Tells the policy below what is installed by us from what others install meanwhile. */
const marker = "SLIPWAY_INSTALLS";

const policyScript = `#!/bin/sh
# Packages that Slipway installs don't start their services. All others do.
test -z "$${marker}" || exit 101
`;

/**
 * Runs `work` with a policy in place that keeps packages' services from starting. A policy of the
 * administrator's is left as it is, and decides. Ours has no effect on others' installations, also
 * when a kill leaves it behind.
 */
async function withoutServices(path: string, work: () => Promise<void>): Promise<void> {
  const found = await readIfExists(path);
  if (found !== undefined && found !== policyScript) return work();
  await writeFile(path, policyScript, { mode: 0o755 });
  await work().finally(() => rm(path, { force: true }));
}

const installArguments = ({ packages }: PackageRequest) => [
  "install",
  "--yes",
  "--no-install-recommends",
  "--",
  ...packages,
];

const commandLine = (request: PackageRequest) => `apt-get ${installArguments(request).join(" ")}`;
