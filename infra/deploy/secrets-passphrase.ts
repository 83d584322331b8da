import { changePassphrase, type PassphraseChange } from "../adapters/pulumi/passphrase-change.ts";
import { readStack } from "../adapters/read-stack.ts";
import { lockStack } from "./lock.ts";

/**
 * Changes the passphrase of a stack, as `changePassphrase` does, while nobody else has the stack.
 *
 * @throws {UserError} what `readStack` and `changePassphrase` refuse.
 * @throws {RefusedError} `stack-locked`.
 */
export async function changeStackPassphrase(
  stack: string,
  next: string,
): Promise<PassphraseChange> {
  await readStack(stack);
  const lock = await lockStack(stack, "secrets passphrase");
  try {
    return await changePassphrase(stack, next);
  } finally {
    await lock.release();
  }
}
