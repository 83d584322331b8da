import { stat } from "node:fs/promises";
import { join } from "node:path";
import { installPackages } from "../../adapters/debian-packages.ts";
import { run } from "../../adapters/process.ts";
import { findAdminProgram, firstExecutable } from "../../adapters/programs.ts";
import type { Report } from "../../adapters/report.ts";
import { UserError } from "../../domain/errors.ts";

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
    const path = await findAdminProgram(name);
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
 * @throws {UserError} what `installPackages` throws; `system-programs` when the packages lack one.
 */
export async function ensureSystemPrograms(report: Report): Promise<SystemPrograms> {
  const search = await findSystemPrograms();
  if (search.missing.length === 0) return search.found as SystemPrograms;
  const need = `The embedded cluster needs ${search.missing.join(", ")}`;
  const elsewhere = "Install them, or use Docker: npx slipway cluster up --driver kind";
  await installPackages({ packages: search.packages, need, elsewhere }, report);
  await disablePackagedServices(search.packages);
  const { found, missing } = await findSystemPrograms();
  if (missing.length > 0) throw stillMissing(missing, search.packages);
  return found as SystemPrograms;
}

/** Else the packaged registry would hold our port after a restart of the machine. */
async function disablePackagedServices(installed: readonly string[]): Promise<void> {
  if (!(await isFolder("/run/systemd/system"))) return;
  const services = packagedServices.filter((name) => installed.includes(name));
  if (services.length > 0) await run("systemctl", ["disable", "--now", ...services]);
}

function stillMissing(missing: readonly string[], packages: readonly string[]): UserError {
  return new UserError(
    "system-programs",
    `${missing.join(", ")} can't be found, though the packages are installed that have them`,
    `apt-get install --reinstall ${packages.join(" ")}`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
