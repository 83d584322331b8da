import { type Problem, refuseProblems, UserError } from "../errors.ts";
import { documentProblems } from "../text/check.ts";
import { type Path, readDocument, type SourceDocument } from "../text/document.ts";
import { didYouMean } from "../text/nearest.ts";
import { apiVersion, dnsLabel, quantity } from "../text/rules.ts";
import { closed, mapOf, type Schema } from "../text/schema.ts";
import type { Environment, Pipeline } from "./environment.ts";
import { completeGates, type DeclaredGates, gateProblems, gatesSchema } from "./gates.ts";

/** Path of the pipeline's file from the root of the repository. */
export const pipelineFile = "stacks/pipeline.yaml";

/** The Kubernetes that the embedded cluster runs. */
const defaultKubernetes = "1.34";

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

const line: Schema = { type: "string", minLength: 1, maxLength: 500 };

const waiver = closed(
  {
    rule: {
      type: "string",
      pattern: "^SLW[0-9]{3}$",
      description: "the id of a rule such as SLW004",
    },
    agent: dnsLabel(),
    environments: { type: "array", items: dnsLabel(20), minItems: 1 },
    owner: line,
    reason: line,
    expires: {
      type: "string",
      pattern: "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
      description: "a day such as 2030-01-31",
    },
  },
  ["rule", "agent", "owner", "reason", "expires"],
);

/** The shape of `stacks/pipeline.yaml`. */
export const pipelineSchema: Schema = closed(
  {
    apiVersion,
    allowedDifferences: { type: "array", items: { type: "string", minLength: 1 } },
    waivers: { type: "array", items: waiver },
    environments: {
      type: "array",
      minItems: 1,
      items: closed(
        {
          name: dnsLabel(20),
          namespace: {
            ...dnsLabel(),
            pattern: "^(?!default$|kube-)[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
            description: "a DNS label, but not default and not one that starts with kube-",
          },
          cluster,
          kubernetes: {
            type: "string",
            pattern: "^1\\.[0-9]{2}$",
            description: 'a minor version in quotes such as "1.34"',
          },
          customMetrics: { type: "boolean" },
          policy: { type: "string", enum: ["advisory", "mandatory"] },
          gates: gatesSchema,
          quota: quantities,
          limitRange: closed({
            default: quantities,
            defaultRequest: quantities,
            max: quantities,
            min: quantities,
          }),
        },
        ["name", "namespace", "cluster", "quota", "limitRange"],
      ),
    },
  },
  ["apiVersion", "environments"],
);

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

type Defaulted = "kubernetes" | "customMetrics" | "policy";

type DeclaredEnvironment = Omit<Environment, Defaulted | "gates"> &
  Partial<Pick<Environment, Defaulted>> & { readonly gates?: DeclaredGates };

interface DeclaredPipeline extends Partial<Omit<Pipeline, "environments">> {
  readonly environments: readonly DeclaredEnvironment[];
}

/** Like `parsePipeline`, but adds what is wrong to `problems` and then returns undefined. */
export function readPipeline(document: SourceDocument, problems: Problem[]): Pipeline | undefined {
  const found = documentProblems(document, pipelineSchema);
  problems.push(...found);
  if (found.length > 0) return undefined;
  const declared = document.value as DeclaredPipeline;
  const { environments, allowedDifferences = [], waivers = [] } = declared;
  const wrong = [
    ...repetitions(environments, document),
    ...environments.flatMap(({ gates = {} }, index) => gateProblems(gates, index, document)),
  ];
  problems.push(...wrong);
  if (wrong.length > 0) return undefined;
  return { environments: environments.map(complete), allowedDifferences, waivers };
}

/** Two stacks in one namespace would overwrite each other's objects. */
function repetitions(
  environments: readonly DeclaredEnvironment[],
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

/** @throws {UserError} `unknown-environment` */
export function environmentNamed({ environments }: Pipeline, name: string): Environment {
  const found = environments.find((environment) => environment.name === name);
  if (found !== undefined) return found;
  const known = environments.map((environment) => environment.name);
  throw new UserError(
    "unknown-environment",
    `${pipelineFile} has no environment "${name}"${didYouMean(name, known)}`,
    `choose one of: ${known.join(", ")}`,
  );
}

/** Adds what the file may leave out, and turns amounts into texts. */
function complete(environment: DeclaredEnvironment, index: number): Environment {
  const { limitRange, gates = {} } = environment;
  const {
    kubernetes = defaultKubernetes,
    customMetrics = false,
    policy = "mandatory",
  } = environment;
  return {
    ...environment,
    kubernetes,
    customMetrics,
    policy,
    gates: completeGates(gates, index === 0),
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
