import { UserError } from "../domain/errors.ts";
import { type Deployment, type DeployOptions, deploy } from "./deploy.ts";
import { type SecretsChange, setSecret } from "./secrets-edit.ts";

/** A rotated secret, and the deployment that brought it to its users. */
export interface Rotation extends SecretsChange {
  readonly deployment: Deployment;
}

/**
 * Gives a secret a new value and deploys the stack: the pods of the agents that use the secret are
 * rolled, those of no other agent.
 *
 * @throws {UserError} `secret-unchanged` when it has this value already; what `setSecret` and
 * `deploy` refuse. When the deployment fails, the new value is kept, and the old pods serve on.
 */
export async function rotateSecret(
  key: string,
  value: string,
  options: DeployOptions,
): Promise<Rotation> {
  const { stack, report } = options;
  const change = await setSecret(stack, key, value);
  if (change.added.length + change.changed.length === 0) {
    throw new UserError(
      "secret-unchanged",
      `${key} of ${stack} has this value already`,
      `npx slipway deploy ${stack}   # if its agents do not run with it yet`,
    );
  }
  report(`agents that roll: ${change.rolls.join(", ") || "none, as none was deployed yet"}`);
  return { ...change, deployment: await deploy(options) };
}
