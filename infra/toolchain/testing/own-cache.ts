import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/**
 * Gives this test file a cache and a Pulumi home of its own, and returns the folder they are in.
 * Call it before the modules are loaded that settle where the cache is.
 *
 * @throws when it comes too late, since the tests would then damage the tools of this machine.
 */
export async function ownCache(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-test-"));
  after(() => rm(folder, { recursive: true, force: true }));
  process.env.XDG_CACHE_HOME = folder;
  process.env.PULUMI_HOME = join(folder, "pulumi");
  const { cacheFolder } = await import("../../adapters/paths.ts");
  if (!cacheFolder.startsWith(folder)) throw new Error(`the tests would use ${cacheFolder}`);
  return folder;
}
