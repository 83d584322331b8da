import { type Problem, refuseProblems } from "../errors.ts";
import { documentProblems } from "../text/check.ts";
import { type Path, readDocument, type SourceDocument } from "../text/document.ts";
import { apiVersion, dnsLabel, quantity } from "../text/rules.ts";
import { closed, mapOf, type Schema } from "../text/schema.ts";
import type { Environment, Pipeline } from "./environment.ts";

/** Path of the pipeline's file from the root of the repository. */
export const pipelineFile = "stacks/pipeline.yaml";

const resourceName: Schema = {
  type: "string",
  pattern: "^[a-z][a-z0-9./-]*$",
  description: "a resource such as requests.cpu or pods",
};
const quantities = mapOf(quantity, resourceName);

const cluster: Schema = {
  ...closed({ context: { type: "string", minLength: 1 }, uid: { type: "string" } }, ["context"]),
  type: ["string", "object"],
  pattern: "^local$",
  description: "local, or context (and uid) of a cluster that exists",
};

/** The shape of `stacks/pipeline.yaml`. */
export const pipelineSchema: Schema = closed({
  apiVersion,
  environments: {
    type: "array",
    minItems: 1,
    items: closed({
      name: dnsLabel(20),
      namespace: {
        ...dnsLabel(),
        pattern: "^(?!default$|kube-)[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        description: "a DNS label, but not default and not one that starts with kube-",
      },
      cluster,
      quota: quantities,
      limitRange: closed({
        default: quantities,
        defaultRequest: quantities,
        max: quantities,
        min: quantities,
      }),
    }),
  },
});

/**
 * Reads `stacks/pipeline.yaml`.
 *
 * @throws {UserError} `invalid-input` with every problem, its line and column.
 */
export function parsePipeline(file: string, text: string): Pipeline {
  const problems: Problem[] = [];
  const pipeline = readPipeline(readDocument(file, text), problems);
  refuseProblems(problems);
  return pipeline as Pipeline;
}

/** Like `parsePipeline`, but adds what is wrong to `problems` and then returns undefined. */
export function readPipeline(document: SourceDocument, problems: Problem[]): Pipeline | undefined {
  const found = documentProblems(document, pipelineSchema);
  problems.push(...found);
  if (found.length > 0) return undefined;
  const { environments } = document.value as Pipeline;
  const repeated = repetitions(environments, document);
  problems.push(...repeated);
  return repeated.length === 0 ? { environments: environments.map(withTextQuantities) } : undefined;
}

/** Two stacks in one namespace would overwrite each other's objects. */
function repetitions(
  environments: readonly Environment[],
  document: SourceDocument,
): readonly Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  const claim = (identity: string, path: Path, message: string) => {
    if (seen.has(identity)) problems.push(document.problemAt(path, message));
    seen.add(identity);
  };
  environments.forEach(({ name, namespace, cluster: target }, index) => {
    const where = target === "local" ? "local" : target.context;
    const path = ["environments", index];
    claim(`name ${name}`, [...path, "name"], `"${name}" is the name of another environment too`);
    claim(
      `namespace ${where} ${namespace}`,
      [...path, "namespace"],
      `"${namespace}" is the namespace of another environment on the same cluster too`,
    );
  });
  return problems;
}

function withTextQuantities(environment: Environment): Environment {
  const { limitRange } = environment;
  return {
    ...environment,
    quota: texts(environment.quota),
    limitRange: {
      default: texts(limitRange.default),
      defaultRequest: texts(limitRange.defaultRequest),
      max: texts(limitRange.max),
      min: texts(limitRange.min),
    },
  };
}

function texts(amounts: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [key, String(amount)]));
}
