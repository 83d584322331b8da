import { type Checked, checkEverything } from "../domain/config/check.ts";
import { type Explanation, explain, type Question } from "../domain/config/explain.ts";
import { refuseProblems } from "../domain/errors.ts";
import { planStack } from "../domain/stack/plan.ts";
import { builtIn, layerFiles } from "../domain/values/layers.ts";
import { readEnvFile } from "./env-file.ts";
import { readIfExists } from "./files.ts";
import { stackConfigFile } from "./pulumi/stack-config.ts";
import { readStackTexts, stackFolders } from "./workspace.ts";

/** The values of an agent explained, and where its secrets are. */
export interface ExplainedValues {
  /** Names of the layers, the lowest first: each wins over those before it. */
  readonly precedence: readonly string[];
  readonly values: readonly (Explanation & {
    /** Of a key of `secrets`: where the secret itself is. */
    readonly secret?: string;
  })[];
}

/**
 * Explains values of one agent from the files of its stack.
 *
 * @throws {UserError} what `planStack`, `explain` and `readEnvFile` refuse.
 */
export async function explainValues(
  environment: string,
  question: Omit<Question, "texts">,
): Promise<ExplainedValues> {
  const texts = await readStackTexts(environment);
  const { set } = question;
  const stack = planStack({ environment, texts, ...(set && { set }) });
  const values = explain(stack, { ...question, texts });
  const precedence = [builtIn, ...layerFiles(environment, question.agent)];
  if (!values.some(({ key }) => isSecret(key))) return { precedence, values };
  const secretSource = await secretSources(environment);
  return {
    precedence,
    values: values.map((one) =>
      isSecret(one.key) ? { ...one, secret: secretSource(one.key.replace("secrets.", "")) } : one,
    ),
  };
}

function isSecret(key: string): boolean {
  return key.startsWith("secrets.");
}

/** Says where a secret of a stack comes from. Nothing is decrypted for it. */
async function secretSources(environment: string): Promise<(key: string) => string> {
  const file = `stacks/.env.${environment}`;
  const env = await readEnvFile(environment);
  if (env) return (key) => (env[key] ? `set in ${file}` : `not set in ${file}`);
  const encrypted = (await readIfExists(stackConfigFile(environment))) !== undefined;
  return () =>
    encrypted
      ? `stacks/Pulumi.${environment}.yaml has the secrets of the last deployment, encrypted`
      : `not set: there is no ${file}`;
}

/**
 * Checks every environment and every package of the checkout.
 *
 * @throws {UserError} `invalid-input` with every problem of every file.
 */
export async function checkConfiguration(): Promise<Omit<Checked, "problems">> {
  const { problems, ...checked } = checkEverything(await readStackTexts(...(await stackFolders())));
  refuseProblems(problems);
  return checked;
}
