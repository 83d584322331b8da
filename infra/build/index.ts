import { join } from "node:path";
import { getStack } from "@pulumi/pulumi";
import { readIfExists } from "../adapters/files.ts";
import { root } from "../adapters/paths.ts";
import { requireDigest } from "../adapters/registry.ts";
import { readCluster } from "../cluster/record.ts";
import { UserError } from "../domain/errors.ts";
import { parsePackage } from "../domain/package/parse.ts";
import { buildxFolder, writeBuildxInstance } from "./buildx.ts";
import { planBuild } from "./plan.ts";
import { buildProgram } from "./program.ts";

/** The program of `pulumi up` by hand: the stack's name is that of the agent. */
export async function program(): Promise<Record<string, unknown>> {
  const agent = await readAgent(getStack());
  const cluster = await readCluster();
  const plan = await planBuild({ agent, cluster, report: () => {} });
  if (plan.builder !== "docker") await prepareBuildx(plan.builder.buildkit);
  const { image } = await buildProgram(plan);
  const { platform } = plan.image;
  return {
    image: image.apply(async (reference) => {
      await requireDigest(reference, { platform });
      return reference;
    }),
  };
}

async function readAgent(name: string) {
  const folder = `infra/packages/${name}`;
  const file = `${folder}/package.yaml`;
  const text = await readIfExists(join(root, file));
  if (text !== undefined) return { name, folder, package: parsePackage(file, text) };
  throw new UserError(
    "no-package",
    `There is no package for the stack ${name}: ${file} is missing`,
    "npx pulumi up --stack fastapi-agent",
  );
}

async function prepareBuildx(address: string): Promise<void> {
  await writeBuildxInstance(address);
  // The plugin is a child of the engine, which was started before this program.
  if (process.env.BUILDX_CONFIG === buildxFolder) return;
  throw new UserError(
    "buildx-config",
    "The builder's plugin would look for its builder in another folder than Slipway's",
    `export BUILDX_CONFIG=${buildxFolder}`,
  );
}
