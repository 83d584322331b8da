import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/**
 * Gives this test file a checkout of its own, empty, and returns its folder. Call it before the
 * modules are loaded that settle where the checkout is.
 *
 * @throws when it comes too late, since the tests would then write into the real one.
 */
export async function ownCheckout(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-test-"));
  after(() => rm(folder, { recursive: true, force: true }));
  Object.assign(globalThis, { SLIPWAY_ROOT: folder });
  const { root } = await import("../paths.ts");
  if (root !== folder) throw new Error(`the tests would write into ${root}`);
  return folder;
}
