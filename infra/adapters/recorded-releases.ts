import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { recordFile } from "../domain/release/record.ts";
import type { Release } from "../domain/release/release.ts";
import { readIfExists } from "./files.ts";
import { root } from "./paths.ts";

/**
 * Every release whose record an environment has kept. What is in a record counts for nothing until
 * its release runs: then it has to be what the release names.
 */
export async function readRecordedReleases(
  environment: string,
  like: Release,
): Promise<readonly Release[]> {
  const folder = join(root, dirname(recordFile(environment, like)));
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readIfExists(join(folder, name))));
  return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text).release]));
}
