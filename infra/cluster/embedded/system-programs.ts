import { access, constants, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { CommandError, run } from "../../adapters/process.ts";
import type { Report } from "../../adapters/report.ts";
import { UserError } from "../../domain/errors.ts";
import { adminEnvironment, adminFolders } from "./environment.ts";

/** Programs of the operating system that the cluster runs, and the Debian package of each. */
const packageOf = {
  containerd: "containerd",
  "containerd-shim-runc-v2": "containerd",
  runc: "runc",
  iptables: "iptables",
  "iptables-save": "iptables",
  "iptables-restore": "iptables",
  "ip6tables-save": "iptables",
  "ip6tables-restore": "iptables",
  ip: "iproute2",
  "docker-registry": "docker-registry",
} as const;

type ProgramName = keyof typeof packageOf;

const pluginsPackage = "containernetworking-plugins";

/** Debian's place first, then the one of upstream's archives. */
const pluginFolders = ["/usr/lib/cni", "/opt/cni/bin"];

/** Services that these packages start by themselves and that the cluster runs as its own. */
const packagedServices = ["docker-registry", "containerd"];

/** Absolute paths of the programs, and the folder of the CNI plugins. */
export type SystemPrograms = Readonly<Record<ProgramName | "cniPlugins", string>>;

interface Search {
  readonly found: Partial<Record<keyof SystemPrograms, string>>;
  /** Names of what is not there. */
  readonly missing: readonly string[];
  /** Debian packages that have it. */
  readonly packages: readonly string[];
}

/** Looks for the programs on PATH and in the folders of administrators' programs. */
export async function findSystemPrograms(): Promise<Search> {
  const found: Search["found"] = {};
  const missing: string[] = [];
  const packages = new Set<string>();
  for (const name of Object.keys(packageOf) as ProgramName[]) {
    const path = await findProgram(name);
    if (path) found[name] = path;
    else {
      missing.push(name);
      packages.add(packageOf[name]);
    }
  }
  const plugins = await firstExecutable(pluginFolders.map((folder) => join(folder, "bridge")));
  if (plugins) found.cniPlugins = join(plugins, "..");
  else {
    missing.push("the CNI plugins");
    packages.add(pluginsPackage);
  }
  return { found, missing, packages: [...packages].sort() };
}

/**
 * Makes sure that the programs are on the machine, by apt-get where they are missing.
 *
 * @throws {UserError} `system-programs` without apt-get, or when it fails.
 */
export async function ensureSystemPrograms(report: Report): Promise<SystemPrograms> {
  const search = await findSystemPrograms();
  if (search.missing.length === 0) return search.found as SystemPrograms;
  if (!(await findProgram("apt-get"))) throw missingPrograms(search.missing);
  report(`Installing Debian packages: ${search.packages.join(", ")}`);
  await installPackages(search.packages);
  await stopPackagedServices(search.packages);
  const { found, missing } = await findSystemPrograms();
  if (missing.length > 0) throw missingPrograms(missing);
  return found as SystemPrograms;
}

async function installPackages(packages: readonly string[]): Promise<void> {
  const env = adminEnvironment({ DEBIAN_FRONTEND: "noninteractive" });
  const install = ["install", "--yes", "--no-install-recommends", "--", ...packages];
  try {
    await run("apt-get", ["update", "--quiet"], { env });
    await run("apt-get", install, { env });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError("system-programs", error.message, `apt-get ${install.join(" ")}`);
  }
}

/** Else the packaged registry would hold our port, now and after every restart of the machine. */
async function stopPackagedServices(installed: readonly string[]): Promise<void> {
  if (!(await isFolder("/run/systemd/system"))) return;
  const services = packagedServices.filter((name) => installed.includes(name));
  if (services.length > 0) await run("systemctl", ["disable", "--now", ...services]);
}

function missingPrograms(missing: readonly string[]): UserError {
  return new UserError(
    "system-programs",
    `The embedded cluster needs ${missing.join(", ")}, and this machine has no apt-get to install them`,
    "Install them, or use Docker: npx slipway cluster up --driver kind",
  );
}

async function findProgram(name: string): Promise<string | undefined> {
  const onPath = (process.env.PATH ?? "").split(delimiter);
  return firstExecutable(
    [...onPath, ...adminFolders].filter(Boolean).map((folder) => join(folder, name)),
  );
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return path;
  }
  return undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
