import { parsePackage } from "../package/parse.ts";
import { pipelineFile } from "./pipeline.ts";
import type { StackInput } from "./plan.ts";

/** Name of the environment in which a package is looked at by itself. No pipeline has it. */
export const aloneEnvironment = "package";

type Texts = StackInput["texts"];

/** Room for any sensible agent, and what every stack says of its own. */
const files: Texts = {
  [pipelineFile]: `
apiVersion: slipway.dev/v1
environments:
  - name: ${aloneEnvironment}
    namespace: ${aloneEnvironment}
    cluster: local
    quota: { requests.cpu: 1k, requests.memory: 1Ti, limits.cpu: 1k, limits.memory: 1Ti, pods: 1000 }
    limitRange:
      default: { cpu: 1, memory: 1Gi }
      defaultRequest: { cpu: 100m, memory: 128Mi }
      max: { cpu: 1k, memory: 1Ti }
      min: { cpu: 1m, memory: 1Mi }
`,
  [`stacks/${aloneEnvironment}/values.yaml`]: "labels: { owner: package }",
};

/**
 * A stack that runs one package with its own defaults, and beside it those that it depends on.
 *
 * @param texts of the packages, by path from the root of the repository
 * @throws {UserError} `invalid-input` when a `package.yaml` is not sound.
 */
export function aloneInput(name: string, texts: Texts): StackInput {
  const own = Object.entries(texts).filter(([path]) => path.startsWith("infra/packages/"));
  const agents = withDependencies([name], texts).map(
    (agent) => [`stacks/${aloneEnvironment}/${agent}/values.yaml`, ""] as const,
  );
  return {
    environment: aloneEnvironment,
    texts: { ...Object.fromEntries([...own, ...agents]), ...files },
  };
}

/** One environment with nothing in it but one agent and those that it depends on. */
export function agentInput(name: string, environment: string, texts: Texts): StackInput {
  const needed = withDependencies([name], texts);
  const kept = Object.entries(texts).filter(([path]) => {
    const [top, stack, agent, file] = path.split("/");
    if (top !== "stacks" || file === undefined) return true;
    return stack === environment && agent !== undefined && needed.includes(agent);
  });
  return { environment, texts: Object.fromEntries(kept) };
}

function withDependencies(names: readonly string[], texts: Texts): readonly string[] {
  const needed = names.flatMap((name) => {
    const file = `infra/packages/${name}/package.yaml`;
    return texts[file] === undefined
      ? []
      : parsePackage(file, texts[file]).dependencies.map((dependency) => dependency.name);
  });
  const all = [...new Set([...names, ...needed])];
  return all.length === names.length ? all : withDependencies(all, texts);
}
