import { configPath } from "./config-paths.ts";
import type { Ingredients } from "./ingredients.ts";
import { loopback, ports } from "./layout.ts";
import type { Part } from "./parts.ts";
import { accepts, answers } from "./probes.ts";

/** Where images are pushed to and pulled from. */
export function imageRegistry({ paths, system }: Ingredients): Part {
  const config = configPath(paths, "registry.json");
  return {
    name: "registry",
    program: system["docker-registry"],
    args: ["serve", config],
    reads: [config],
    probe: () => answers(`http://${loopback(ports.registry)}/v2/`),
  };
}

/** Builds images without a container engine. */
export function buildkit({ paths, tools }: Ingredients): Part {
  const config = configPath(paths, "buildkitd.toml");
  return {
    name: "buildkitd",
    program: tools.buildkitd,
    args: ["--config", config],
    reads: [config],
    probe: () => accepts(paths.buildkitSocket),
  };
}
