import { AgentImage, type ImageBuilder } from "../components/agent-image.ts";
import { buildxInstance } from "./buildx.ts";
import type { BuildPlan } from "./plan.ts";

/** Registers one agent's image. `build` and `pulumi up` by hand both run this. */
export async function buildProgram({ agent, builder, image }: BuildPlan) {
  const args = { ...image, builder: await loadBuilder(builder) };
  const { reference } = new AgentImage(agent, args);
  return { image: reference };
}

/** Only the SDK of the builder that is used is loaded. */
async function loadBuilder(builder: BuildPlan["builder"]): Promise<ImageBuilder> {
  if (builder === "docker") {
    const { dockerBuilder } = await import("../components/docker-builder.ts");
    return dockerBuilder;
  }
  const { buildKitBuilder } = await import("../components/buildkit-builder.ts");
  return buildKitBuilder(buildxInstance);
}
