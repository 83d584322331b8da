import { manifestDigest } from "../adapters/registry.ts";
import { UserError } from "../domain/errors.ts";
import type { Release } from "../domain/release/release.ts";

/** An image that is not known to be in its registry. */
export interface AbsentImage {
  readonly image: string;
  /** In order of their names. */
  readonly agents: readonly string[];
  /** Why nothing is known about it; absent when the registry says that it has no such image. */
  readonly unknown?: string;
}

/**
 * Asks the registries for the images of agents. A registry that gives no answer is told as such: it
 * says nothing about the image.
 */
export async function absentImages(
  agents: readonly { readonly name: string; readonly release?: Pick<Release, "image"> }[],
): Promise<readonly AbsentImage[]> {
  const users = new Map<string, string[]>();
  for (const { name, release } of agents) {
    if (release) users.set(release.image, [...(users.get(release.image) ?? []), name]);
  }
  const found = await Promise.all(
    [...users].map(async ([image, names]) => absent({ image, agents: names })),
  );
  return found.flat();
}

async function absent(image: AbsentImage): Promise<readonly AbsentImage[]> {
  try {
    return (await manifestDigest(image.image)) ? [] : [image];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ ...image, unknown: error.message }];
  }
}
