import { createHmac } from "node:crypto";
import { parse, stringify } from "yaml";
import { sha256 } from "../../infra/adapters/sha256.ts";
import { readStackTexts } from "../../infra/adapters/workspace.ts";
import type { StackSecrets } from "../../infra/deploy/secrets.ts";
import { UserError } from "../../infra/domain/errors.ts";
import { completeStack } from "../../infra/domain/manifests/complete.ts";
import { manifests } from "../../infra/domain/manifests/manifests.ts";
import type { KubernetesObject } from "../../infra/domain/manifests/object.ts";
import { parseRelease } from "../../infra/domain/release/parse.ts";
import { type Release, renderRelease, sealRelease } from "../../infra/domain/release/release.ts";
import { planStack } from "../../infra/domain/stack/plan.ts";

/** The agent whose dev stack every tool deploys. */
export const agentName = "fastapi-agent";

export const environment = "dev";

/** What differs between two deployments. */
export interface Variant {
  /** Value of LOG_LEVEL in the agent's ConfigMap. */
  readonly logLevel: string;
  /** Image by digest. */
  readonly image: string;
}

/** The files of a stack by their path from the root of the checkout. */
export type Texts = Readonly<Record<string, string>>;

const releaseFile = `stacks/${environment}/${agentName}/release.json`;
const valuesFile = `stacks/${environment}/${agentName}/values.yaml`;
const pipelineFile = "stacks/pipeline.yaml";

/** The user's dev stack, with the sample agent alone. */
export class Subject {
  /** What is released to the user's own dev stack. */
  readonly release: Release;
  private readonly texts: Texts;

  private constructor(texts: Texts, release: Release) {
    this.texts = texts;
    this.release = release;
  }

  /** @throws {UserError} `no-release` before the first `slipway build`. */
  static async read(): Promise<Subject> {
    const texts = await readStackTexts(environment);
    const release = texts[releaseFile];
    if (release === undefined) {
      throw new UserError(
        "no-release",
        `There is no image to deploy: ${releaseFile} is missing`,
        `npx slipway build ${agentName}`,
      );
    }
    const own = Object.entries(texts).filter(([path]) => !isOfAnotherAgent(path));
    return new Subject(Object.fromEntries(own), parseRelease(releaseFile, release, sha256));
  }

  /** The files that describe a variant in a namespace of its own. */
  describe(namespace: string, { logLevel, image }: Variant): Texts {
    const { environments } = parse(this.texts[pipelineFile] ?? "");
    const own = environments.find(({ name }: { name: string }) => name === environment);
    const values = parse(this.texts[valuesFile] ?? "") ?? {};
    return {
      ...this.texts,
      [pipelineFile]: stringify({
        apiVersion: "slipway.dev/v1",
        environments: [{ ...own, namespace, cluster: "local" }],
      }),
      [valuesFile]: stringify({
        ...values,
        config: { ...values.config, LOG_LEVEL: logLevel },
        // A start of Python looks like load, and one pod more would make two rollouts unlike.
        autoscaling: { cpuPercent: 500 },
        // A port of the node can be taken only once, and every tool has a Service.
        service: { type: "ClusterIP" },
      }),
      [releaseFile]: renderRelease(sealRelease({ ...this.release, image }, sha256)),
    };
  }

  /** The objects that such files mean, with the names that the stack's own key gives them. */
  render(texts: Texts, { fingerprintKey, values }: StackSecrets): readonly KubernetesObject[] {
    return manifests(completeStack(planStack({ environment, texts }), values), {
      config: sha256,
      secret: (text) => createHmac("sha256", fingerprintKey).update(text).digest("hex"),
    });
  }
}

function isOfAnotherAgent(path: string): boolean {
  const [, folder, name = "", file] = path.split("/");
  return file !== undefined && folder !== undefined && name !== agentName;
}
