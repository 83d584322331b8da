import { Config, getStack, log } from "@pulumi/pulumi";
import { readStack } from "../adapters/read-stack.ts";
import { UserError } from "../domain/errors.ts";
import { planDeploy } from "./plan.ts";
import { deployProgram } from "./program.ts";
import { parseSecrets } from "./secrets.ts";

/** The program of `pulumi up` by hand: the plan comes from the stack's files and configuration. */
export async function program(): Promise<Record<string, unknown>> {
  const stack = getStack();
  const text = await new Promise<string | undefined>((resolve) => {
    const secrets = new Config("slipway").getSecret("secrets");
    if (secrets) secrets.apply(resolve);
    else resolve(undefined);
  });
  const secrets = parseSecrets(text);
  if (!secrets) {
    throw new UserError(
      "no-stack",
      `The stack ${stack} was never deployed from here, so its configuration has no key yet`,
      `npx slipway deploy ${stack}`,
    );
  }
  const plan = await planDeploy(await readStack(stack), secrets, (line) => void log.warn(line));
  return deployProgram(plan);
}
