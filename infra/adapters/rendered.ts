import { type Rendering, renderStack } from "../domain/render/render.ts";
import { readSecretVersions } from "./pulumi/stack-config.ts";
import { readStack } from "./read-stack.ts";
import { sha256 } from "./sha256.ts";

export interface RenderRequest {
  readonly environment: string;
  /** @default the whole stack */
  readonly agent?: string;
  /** `key.path=value` assignments that win over every file. @default none */
  readonly set?: readonly string[];
}

/**
 * Renders a stack from its files alone: no cluster, no state, no passphrase.
 *
 * @throws {UserError} what `readStack`, `renderStack` and `readSecretVersions` refuse.
 */
export async function readRendering({
  environment,
  agent,
  set,
}: RenderRequest): Promise<Rendering> {
  const stack = await readStack(environment, set);
  return renderStack(stack, {
    ...(agent !== undefined && { agent }),
    secretVersions: await readSecretVersions(environment),
    sha256,
  });
}
