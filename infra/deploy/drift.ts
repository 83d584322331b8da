import { createHash } from "node:crypto";
import { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { listPath } from "../adapters/kubernetes/paths.ts";
import { readSecretVersions } from "../adapters/pulumi/stack-config.ts";
import { readStack } from "../adapters/read-stack.ts";
import { UserError } from "../domain/errors.ts";
import type { Drift } from "../domain/live/drift.ts";
import { type Described, stackDrift } from "../domain/live/stack-drift.ts";
import { namespacedKinds } from "../domain/manifests/kinds.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { describeStack } from "../domain/render/render.ts";
import type { Stack } from "../domain/stack/plan.ts";
import { type AbsentImage, absentImages } from "./absent-images.ts";
import { stackHolder } from "./lock.ts";
import { findTarget } from "./plan.ts";

/** In what a stack differs from its files. */
export interface StackDrift {
  readonly stack: string;
  readonly namespace: string;
  /** Who works on the stack, and since when. It was not compared then, and there are no findings. */
  readonly locked?: string;
  readonly drift: readonly Drift[];
  /** Images of the stack that its registry does not have, or does not tell about. */
  readonly images: readonly AbsentImage[];
}

/**
 * Compares a stack with its files, and changes nothing. Needs no passphrase: a Secret is told by its
 * name, which is made from its content, and by who wrote what in it.
 *
 * What the files say is what the files of this checkout say, whatever was deployed last.
 *
 * @throws {UserError} what `readStack` and `describeFiles` refuse; `cluster-unreachable`.
 */
export async function findDrift(name: string): Promise<StackDrift> {
  const stack = await readStack(name);
  const { namespace } = stack.environment;
  const before = await stackHolder(name);
  const found = before === undefined ? await compare(stack) : { drift: [], images: [] };
  // What began in the meantime has changed what was read.
  const locked = before ?? (await stackHolder(name));
  if (locked === undefined) return { stack: name, namespace, ...found };
  return { stack: name, namespace, locked, drift: [], images: [] };
}

async function compare(stack: Stack) {
  const [live, described, images] = await Promise.all([
    connectTo(stack, (client) => readLive(client, stack)),
    describeFiles(stack),
    absentImages(stack.agents),
  ]);
  return { drift: stackDrift(described, live), images };
}

/**
 * What the files of a stack describe.
 *
 * @throws {UserError} what `describeStack` refuses; `not-deployed` when nothing says yet which Secrets
 * the stack has.
 */
export async function describeFiles(stack: Stack): Promise<Described> {
  const { name } = stack.environment;
  const secretVersions = await readSecretVersions(name);
  const described = describeStack(stack, {
    secretVersions,
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
  });
  const isSecret = ({ kind }: KubernetesObject) => kind === "Secret";
  if (described.objects.some(isSecret) && Object.keys(secretVersions).length === 0) {
    throw new UserError(
      "not-deployed",
      `The stack ${name} was never deployed with the files of this checkout`,
      `npx slipway deploy ${name}`,
    );
  }
  return described;
}

/** Does something with the cluster of a stack. */
export async function connectTo<T>(
  { environment }: Stack,
  work: (client: KubernetesClient) => Promise<T>,
): Promise<T> {
  const { kubeconfig, context } = await findTarget(environment);
  const client = await KubernetesClient.connect(kubeconfig, context);
  return work(client).finally(() => client.close());
}

/** The namespace of a stack, and what it holds of the kinds that a stack is made of. */
export async function readLive(
  client: KubernetesClient,
  { environment }: Stack,
): Promise<readonly KubernetesObject[]> {
  const { namespace } = environment;
  const [own, ...lists] = await Promise.all([
    client.find<KubernetesObject>(`${listPath("v1", "Namespace")}/${namespace}`),
    ...Object.entries(namespacedKinds).map(([kind, apiVersion]) =>
      list(client, apiVersion, kind, namespace),
    ),
  ]);
  return [...(own ? [own] : []), ...lists.flat()];
}

/** Items of a list do not say themselves what they are. */
async function list(
  client: KubernetesClient,
  apiVersion: string,
  kind: string,
  namespace: string,
): Promise<readonly KubernetesObject[]> {
  const path = listPath(apiVersion, kind, namespace);
  const found = await client.find<{ items: readonly KubernetesObject[] }>(path);
  // Nothing at all when the cluster does not serve the kind, such as routes.
  return (found?.items ?? []).map((item) => ({ ...item, apiVersion, kind }));
}
