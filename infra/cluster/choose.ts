import { CommandError, run } from "../adapters/process.ts";
import { UserError } from "../domain/errors.ts";
import { type ContextOptions, contextDriver } from "./context.ts";
import type { ClusterDriver, DriverName } from "./driver.ts";
import { embeddedDriver } from "./embedded/driver.ts";
import { isSupported } from "./embedded/preflight.ts";
import { kindDriver } from "./kind.ts";
import { minikubeDriver } from "./minikube.ts";
import { findCluster, forgetCluster, writeCluster } from "./record.ts";

/**
 * The driver of this name. `auto` is the one of the cluster that is up; else kind or minikube when
 * it is on PATH and Docker runs; else the embedded one on Linux as root.
 *
 * Its `up` makes the cluster the one that the other commands use, and its `down` ends that.
 *
 * @throws {UserError} `no-driver` when `auto` finds nothing to use.
 */
export async function chooseDriver(
  name: DriverName | "auto",
  options: ContextOptions = {},
): Promise<ClusterDriver> {
  const current = await findCluster();
  if (name === "auto" && current)
    return recorded(makeDriver(current.driver, { ...current, ...options }));
  return recorded(makeDriver(name === "auto" ? await detect() : name, options));
}

function makeDriver(name: DriverName, options: ContextOptions): ClusterDriver {
  if (name === "embedded") return embeddedDriver();
  if (name === "kind") return kindDriver();
  if (name === "minikube") return minikubeDriver();
  return contextDriver(options);
}

function recorded(driver: ClusterDriver): ClusterDriver {
  return {
    ...driver,
    up: async (report) => {
      const cluster = await driver.up(report);
      await writeCluster(cluster);
      return cluster;
    },
    down: async (report) => {
      await driver.down(report);
      if ((await findCluster())?.driver === driver.name) await forgetCluster();
    },
  };
}

async function detect(): Promise<DriverName> {
  if (await succeeds("docker", ["info"])) {
    if (await succeeds("kind", ["version"])) return "kind";
    if (await succeeds("minikube", ["version"])) return "minikube";
  }
  if (isSupported()) return "embedded";
  throw new UserError(
    "no-driver",
    "No way to run a cluster here: looked for a running Docker with kind or minikube on PATH, and for Linux as root",
    "Install kind (https://kind.sigs.k8s.io) with Docker, or name a cluster of yours: npx slipway cluster up --driver context --registry <host/path>",
  );
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, args, { timeoutMs: 10_000 }).then(
    () => true,
    (error) => {
      if (error instanceof CommandError) return false;
      throw error;
    },
  );
}
