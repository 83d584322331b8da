import { parse, stringify } from "yaml";
import { sha256 } from "../../infra/adapters/sha256.ts";
import { readStackTexts } from "../../infra/adapters/workspace.ts";
import { renderRelease, sealRelease } from "../../infra/domain/release/release.ts";
import { agentName, environment, type Texts } from "./subject.ts";

const standInDigest = `sha256:${"0".repeat(64)}`;

/**
 * The files of a dev stack with many agents, each with a package, values and a release of its own.
 * They are the sample agent under other names, with a port of their own in their settings, so that no
 * two objects are alike.
 */
export async function fleetTexts(agents: number): Promise<Texts> {
  const texts = await readStackTexts(environment);
  const names = Array.from(
    { length: agents },
    (_, index) => `agent-${String(index).padStart(3, "0")}`,
  );
  return Object.assign(
    { "stacks/pipeline.yaml": roomyPipeline(texts["stacks/pipeline.yaml"] ?? "") },
    { [`stacks/${environment}/values.yaml`]: texts[`stacks/${environment}/values.yaml`] ?? "" },
    ...names.map((name) => agentTexts(name, texts)),
  );
}

function agentTexts(name: string, texts: Texts): Texts {
  const from = `infra/packages/${agentName}`;
  const folder = `infra/packages/${name}`;
  const named = (text = "") => text.replaceAll(agentName, name);
  const values = parse(texts[`${from}/values.yaml`] ?? "");
  return {
    [`${folder}/package.yaml`]: named(texts[`${from}/package.yaml`]),
    [`${folder}/values.yaml`]: stringify({ ...values, config: { ...values.config, AGENT: name } }),
    [`stacks/${environment}/${name}/values.yaml`]: stringify({ replicas: { min: 2, max: 3 } }),
    [`stacks/${environment}/${name}/release.json`]: renderRelease(
      sealRelease(
        {
          package: name,
          version: parse(texts[`${from}/package.yaml`] ?? "").version,
          packageDigest: standInDigest,
          image: `registry.example.com/${name}@${standInDigest}`,
          platformDigest: standInDigest,
          config: standInDigest,
          secrets: {},
        },
        sha256,
      ),
    ),
  };
}

/** A quota that any number of agents fits into. */
function roomyPipeline(text: string): string {
  const pipeline = parse(text);
  const own = pipeline.environments.find(({ name }: { name: string }) => name === environment);
  own.quota = { pods: 1_000_000 };
  return stringify({ ...pipeline, environments: [own] });
}
