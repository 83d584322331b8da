import { parse, stringify } from "yaml";
import { sha256 } from "../../infra/adapters/sha256.ts";
import { readStackTexts } from "../../infra/adapters/workspace.ts";
import { type Release, renderRelease, sealRelease } from "../../infra/domain/release/release.ts";
import { agentName, environment, type Texts } from "./subject.ts";

/** What all agents of a fleet have in common. */
export interface FleetOptions {
  /** Image and digest that all of them run. @default ones that no registry has */
  readonly release?: Pick<Release, "image" | "platformDigest">;
  /** @default that of the user's own dev stack */
  readonly namespace?: string;
  /** Values of each in the stack. @default two pods, and three under load */
  readonly values?: object;
}

const standInDigest = `sha256:${"0".repeat(64)}`;

/**
 * The files of a dev stack with many agents, each with a package, values and a release of its own.
 * They are the sample agent under other names, with a port of their own in their settings, so that no
 * two objects are alike.
 */
export async function fleetTexts(agents: number, options: FleetOptions = {}): Promise<Texts> {
  const texts = await readStackTexts(environment);
  const names = Array.from(
    { length: agents },
    (_, index) => `agent-${String(index).padStart(3, "0")}`,
  );
  return Object.assign(
    { "stacks/pipeline.yaml": roomyPipeline(texts["stacks/pipeline.yaml"] ?? "", options) },
    { [`stacks/${environment}/values.yaml`]: texts[`stacks/${environment}/values.yaml`] ?? "" },
    ...names.map((name) => agentTexts(name, texts, options)),
  );
}

function agentTexts(
  name: string,
  texts: Texts,
  { release, values: own = { replicas: { min: 2, max: 3 } } }: FleetOptions,
): Texts {
  const from = `infra/packages/${agentName}`;
  const folder = `infra/packages/${name}`;
  const named = (text = "") => text.replaceAll(agentName, name);
  const values = parse(texts[`${from}/values.yaml`] ?? "");
  return {
    [`${folder}/package.yaml`]: named(texts[`${from}/package.yaml`]),
    [`${folder}/values.yaml`]: stringify({ ...values, config: { ...values.config, AGENT: name } }),
    [`stacks/${environment}/${name}/values.yaml`]: stringify(own),
    [`stacks/${environment}/${name}/release.json`]: renderRelease(
      sealRelease(
        {
          package: name,
          version: parse(texts[`${from}/package.yaml`] ?? "").version,
          packageDigest: standInDigest,
          image: release?.image ?? `registry.example.com/${name}@${standInDigest}`,
          platformDigest: release?.platformDigest ?? standInDigest,
          config: standInDigest,
          secrets: {},
        },
        sha256,
      ),
    ),
  };
}

/** A quota that any number of agents fits into. */
function roomyPipeline(text: string, { namespace }: FleetOptions): string {
  const pipeline = parse(text);
  const own = pipeline.environments.find(({ name }: { name: string }) => name === environment);
  own.quota = { pods: 1_000_000 };
  if (namespace !== undefined) own.namespace = namespace;
  return stringify({ ...pipeline, environments: [own] });
}
