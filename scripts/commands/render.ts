import { UserError } from "../../infra/domain/errors.ts";
import type { Rendering } from "../../infra/domain/render/render.ts";
import type { Tree } from "../../infra/domain/render/tree.ts";
import { command } from "../command.ts";

interface RenderArguments {
  readonly environment: string;
  readonly agent?: string;
  readonly format: "yaml" | "kustomize" | "argocd" | "flux";
  readonly output?: string;
  readonly repository?: string;
  readonly path?: string;
  readonly set?: readonly string[];
}

export const renderCommand = command<RenderArguments>({
  command: "render <environment>",
  describe: "Print a stack's Kubernetes objects; needs no cluster, no state, no passphrase",
  builder: (yargs) =>
    yargs
      .positional("environment", { type: "string", demandOption: true, describe: "Such as dev" })
      .options({
        agent: { type: "string", requiresArg: true, describe: "Only this agent's own objects" },
        format: {
          choices: ["yaml", "kustomize", "argocd", "flux"] as const,
          default: "yaml" as const,
          requiresArg: true,
          describe: "One stream, or a folder for another tool",
        },
        output: {
          type: "string",
          requiresArg: true,
          describe: "Where to make the folder of the environment",
        },
        repository: { type: "string", requiresArg: true, describe: "With argocd: URL of its git" },
        path: {
          type: "string",
          requiresArg: true,
          describe: "Path of the output folder in git, when it is outside this checkout",
        },
        set: {
          type: "string",
          array: true,
          requiresArg: true,
          describe: "key.path=value that wins over every file",
        },
      })
      .example("$0 render dev", "All objects of dev as YAML")
      .example("$0 render prod --format flux --output gitops", "gitops/prod for Flux"),
  run: async (args, { print, report }) => {
    const { environment, agent, set } = args;
    const { readRendering } = await import("../../infra/adapters/rendered.ts");
    const rendering = await readRendering({
      environment,
      ...(agent !== undefined && { agent }),
      ...(set && { set }),
    });
    if (args.format === "yaml" && args.output === undefined) {
      const { renderStream } = await import("../../infra/domain/render/document.ts");
      return print(rendering.objects, renderStream(rendering));
    }
    const folder = await folderOf(args);
    const { writeTree } = await import("../../infra/adapters/tree.ts");
    const changes = await writeTree(folder, await treeOf(rendering, args, folder));
    if (rendering.secrets.length > 0)
      report(`Secrets that somebody has to make: ${folder}/SECRETS.md`);
    const { written, removed } = changes;
    print(
      { folder, ...changes },
      `${folder}: ${written.length} written, ${removed.length} removed`,
    );
  },
});

/** An environment, or an agent of it, has a folder of its own. */
async function folderOf({ environment, agent, format, output }: RenderArguments): Promise<string> {
  if (output === undefined) {
    throw new UserError(
      "usage",
      `--format ${format} makes a folder, and has to be told where`,
      `npx slipway render ${environment} --format ${format} --output gitops`,
    );
  }
  const { join } = await import("node:path");
  return join(output, agent === undefined ? environment : `${environment}.${agent}`);
}

async function treeOf(rendering: Rendering, args: RenderArguments, folder: string): Promise<Tree> {
  switch (args.format) {
    case "yaml": {
      const { renderStream } = await import("../../infra/domain/render/document.ts");
      return { "objects.yaml": [...renderStream(rendering)].join("") };
    }
    case "kustomize": {
      const { kustomizeTree } = await import("../../infra/domain/render/kustomize.ts");
      return kustomizeTree(rendering);
    }
    case "argocd": {
      const { argocdTree } = await import("../../infra/domain/render/argocd.ts");
      const repository = needRepository(args);
      return argocdTree(rendering, { repository, path: await pathInGit(args, folder) });
    }
    case "flux": {
      const { fluxTree } = await import("../../infra/domain/render/flux.ts");
      return fluxTree(rendering, { path: await pathInGit(args, folder) });
    }
  }
}

function needRepository({ environment, repository }: RenderArguments): string {
  if (repository !== undefined) return repository;
  throw new UserError(
    "usage",
    "--format argocd has to be told from which git repository Argo CD will read",
    `npx slipway render ${environment} --format argocd --output gitops --repository https://github.com/team/deploy.git`,
  );
}

/** Where the folder is from the root of its git repository: this checkout, unless `--path` is there. */
async function pathInGit({ path, environment }: RenderArguments, folder: string): Promise<string> {
  const { basename, relative, resolve } = await import("node:path");
  if (path !== undefined) return `${path.replace(/^(\.?\/)+|\/+$/g, "")}/${basename(folder)}`;
  const { root } = await import("../../infra/adapters/paths.ts");
  const found = relative(root, resolve(folder)).replaceAll("\\", "/");
  if (!found.startsWith("..")) return found;
  throw new UserError(
    "usage",
    `${folder} is outside this checkout, so its place in git has to be told`,
    `npx slipway render ${environment} ... --path <path of the output folder in its repository>`,
  );
}
