import { readEnvFile } from "../adapters/env-file.ts";
import {
  openStackConfig,
  passphraseFile,
  readSecretVersions,
} from "../adapters/pulumi/stack-config.ts";
import { readStack } from "../adapters/read-stack.ts";
import { refuseProblems, UserError } from "../domain/errors.ts";
import { declaredSecrets, secretUsage, unclaimedSecrets } from "../domain/secrets/usage.ts";
import type { Agent } from "../domain/stack/plan.ts";
import { didYouMean } from "../domain/text/nearest.ts";
import { lockStack } from "./lock.ts";
import { keyedHash, type StackSecrets, storedSecrets, storeSecrets } from "./secrets.ts";

/** What became of the secrets of a stack, by their keys, and what comes of it. */
export interface SecretsChange {
  readonly stack: string;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Agents that run with other secrets than these: the next deployment rolls their pods. */
  readonly rolls: readonly string[];
}

type Values = StackSecrets["values"];

/**
 * Gives a secret of a stack a value, in the stack's encrypted configuration. All agents of the stack
 * that declare the key get it with the next deployment.
 *
 * @throws {UserError} `unknown-secret` when no agent of the stack declares it; `env-file-wins` when
 * the stack takes its secrets from an env file; `secret-empty`; `passphrase-wrong`.
 * @throws {RefusedError} `stack-locked`.
 */
export async function setSecret(stack: string, key: string, value: string): Promise<SecretsChange> {
  if (value === "") {
    throw new UserError(
      "secret-empty",
      `The value for ${key} is empty`,
      `npx slipway secrets remove ${stack} ${key}   # takes it away`,
    );
  }
  return edit(stack, "secrets set", async (agents, values) => {
    requireDeclared(stack, key, agents);
    await refuseEnvFile(stack, key);
    return { ...values, [key]: value };
  });
}

/**
 * Takes a secret out of a stack's encrypted configuration.
 *
 * @throws {UserError} `secret-unset`, `env-file-wins`, `passphrase-wrong`.
 * @throws {RefusedError} `stack-locked`.
 */
export async function removeSecret(stack: string, key: string): Promise<SecretsChange> {
  return edit(stack, "secrets remove", async (_, values) => {
    await refuseEnvFile(stack, key);
    const { [key]: removed, ...rest } = values;
    if (removed !== undefined) return rest;
    const known = didYouMean(key, Object.keys(values));
    throw new UserError(
      "secret-unset",
      `${stack} has no secret ${key}${known}`,
      `npx slipway secrets list ${stack}`,
    );
  });
}

/**
 * Makes the secrets of a stack's env file those of its encrypted configuration, as a deployment does
 * too, but deploys nothing.
 *
 * @throws {UserError} `no-env-file`; `invalid-input` when a key is declared by no agent; everything
 * that `readEnvFile` refuses; `passphrase-wrong`.
 * @throws {RefusedError} `stack-locked`.
 */
export async function takeEnvFile(stack: string): Promise<SecretsChange> {
  return edit(stack, "secrets sync", async (agents) => {
    const file = `stacks/.env.${stack}`;
    const values = await readEnvFile(stack);
    if (values === undefined) {
      throw new UserError(
        "no-env-file",
        `There is no ${file} to take secrets from`,
        `npx slipway secrets set ${stack} <KEY>   # or: cp stacks/.env.example ${file}`,
      );
    }
    const declared = declaredSecrets(agents);
    refuseProblems(
      unclaimedSecrets(agents, Object.keys(values)).map((key) => ({
        file,
        message: `${key} is declared under "secrets" by no agent of the stack${didYouMean(key, declared)}`,
      })),
      `edit ${file}; npx slipway secrets list ${stack} shows the keys`,
    );
    return values;
  });
}

async function edit(
  name: string,
  purpose: string,
  change: (agents: readonly Agent[], values: Values) => Promise<Values>,
): Promise<SecretsChange> {
  const { agents } = await readStack(name);
  const lock = await lockStack(name, purpose);
  try {
    const config = await openStackConfig(name, await passphraseFile(name));
    const before = storedSecrets(config);
    const values = await change(agents, before?.values ?? {});
    const difference = compare(before?.values ?? {}, values);
    const same = Object.values(difference).every((keys) => keys.length === 0);
    const secrets = before && same ? before : await storeSecrets(config, values);
    return { stack: name, ...difference, rolls: await findRolling(name, agents, secrets) };
  } finally {
    await lock.release();
  }
}

function compare(before: Values, after: Values) {
  const [old, now] = [Object.keys(before).sort(), Object.keys(after).sort()];
  return {
    added: now.filter((key) => !Object.hasOwn(before, key)),
    changed: now.filter((key) => Object.hasOwn(before, key) && before[key] !== after[key]),
    removed: old.filter((key) => !Object.hasOwn(after, key)),
  };
}

async function findRolling(
  stack: string,
  agents: readonly Agent[],
  secrets: StackSecrets,
): Promise<readonly string[]> {
  const deployed = await readSecretVersions(stack);
  return secretUsage(agents, { values: secrets.values, keyed: keyedHash(secrets) })
    .filter(({ agent, version }) => deployed[agent] !== undefined && deployed[agent] !== version)
    .map(({ agent }) => agent);
}

function requireDeclared(stack: string, key: string, agents: readonly Agent[]): void {
  const declared = declaredSecrets(agents);
  if (declared.has(key)) return;
  throw new UserError(
    "unknown-secret",
    `${key} is declared under "secrets" by no agent of ${stack}${didYouMean(key, declared)}`,
    `npx slipway secrets list ${stack}   # shows the keys`,
  );
}

/** Two places for one secret would leave it to chance which one counts. */
async function refuseEnvFile(stack: string, key: string): Promise<void> {
  if ((await readEnvFile(stack)) === undefined) return;
  throw new UserError(
    "env-file-wins",
    `${stack} takes its secrets from stacks/.env.${stack}, which would overrule what is set here`,
    `edit ${key} in stacks/.env.${stack}, then: npx slipway secrets sync ${stack}   # once synced, the file may go`,
  );
}
