import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { renderRelease, sealRelease } from "../../domain/release/release.ts";
import { namedRelease, sha256 } from "../../domain/test/sample-release.ts";

/** What makes one package differ from another. */
export interface SamplePackage {
  readonly name?: string;
  readonly version?: string;
  /** The value of `dependencies`, as YAML in one line. @default none */
  readonly dependencies?: string;
  /** More files, or others, by path from the package. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** Writes a small package with a bit of everything into a checkout. */
export async function writePackage(
  checkout: string,
  { name = "sample", version = "1.0.0", dependencies = "[]", files = {} }: SamplePackage = {},
): Promise<void> {
  const folder = join(checkout, "infra/packages", name);
  const declared = [
    "apiVersion: slipway.dev/v1",
    `name: ${name}`,
    `version: ${version}`,
    "appVersion: 2.1.0",
    "description: Says hello",
    'kubernetes: ">=1.30"',
    "image: { context: app }",
    "prompts: prompts",
    "agent:",
    '  probes: { startup: { command: ["true"] }, ready: { command: ["true"] }, live: { command: ["true"] } }',
    "  startupBudgetSeconds: 10",
    "  longestTaskSeconds: 10",
    "  concurrencyPerPod: 1",
    `dependencies: ${dependencies}`,
  ];
  const all = {
    "package.yaml": `${declared.join("\n")}\n`,
    "values.yaml": "config: { LOG_LEVEL: INFO }\n",
    "README.md": `# ${name}\n`,
    "prompts/system.md": "You are helpful.\n",
    "app/Dockerfile": "FROM scratch\n",
    "app/run.sh": "#!/bin/sh\n",
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await chmod(join(folder, "app/run.sh"), 0o755);
}

/** Writes the least that `stacks/pipeline.yaml` has to say. */
export async function writePipeline(checkout: string): Promise<void> {
  const lines = [
    "apiVersion: slipway.dev/v1",
    "environments:",
    "  - name: dev",
    "    namespace: agents-dev",
    "    cluster: local",
    "    quota: { pods: 10 }",
    "    limitRange: { default: {}, defaultRequest: {}, max: {}, min: {} }",
  ];
  await mkdir(join(checkout, "stacks"), { recursive: true });
  await writeFile(join(checkout, "stacks/pipeline.yaml"), `${lines.join("\n")}\n`);
}

/** Writes the release of a package to the environment dev. */
export async function writeRelease(
  checkout: string,
  release: { readonly package: string; readonly version: string; readonly image: string },
): Promise<void> {
  const folder = join(checkout, "stacks/dev", release.package);
  await mkdir(folder, { recursive: true });
  const { package: name, version, image } = release;
  const sealed = sealRelease({ ...namedRelease(name, image), version }, sha256);
  await writeFile(join(folder, "release.json"), renderRelease(sealed));
}
