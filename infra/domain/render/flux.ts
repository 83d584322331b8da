import type { KubernetesObject } from "../manifests/object.ts";
import type { Rendering } from "./render.ts";
import { stagesOf } from "./stages.ts";
import { join, objectFiles, partition, type Source, secretsFile, type Tree } from "./tree.ts";
import { renderDocuments } from "./yaml.ts";

/** A part of the tree that Flux applies as one, after others. */
interface Step {
  readonly name: string;
  readonly folder: string;
  readonly objects: readonly KubernetesObject[];
  readonly after: readonly string[];
}

/**
 * A tree that Flux syncs: `kustomizations.yaml`, `stack/` and `agents/<agent>/`, below it a folder
 * for each stage of an agent that has Jobs. Each stage waits until the one before it is well and
 * its Jobs are done. The source is the GitRepository that `flux bootstrap` makes.
 *
 * Flux removes what is no longer there before it waits for a rollout, and old pods still need their
 * ConfigMap until then: it is told to keep ConfigMaps, and somebody has to remove old ones.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function fluxTree(rendering: Rendering, source: Pick<Source, "path">): Tree {
  const { shared, agents } = partition(rendering);
  const stack = rendering.environment.name;
  const first: readonly Step[] =
    shared.length > 0
      ? [{ name: `${stack}-stack`, folder: "stack", objects: shared, after: [] }]
      : [];
  const steps = [
    ...first,
    ...agents.flatMap(({ name, objects }) =>
      agentSteps(
        `${stack}-${name}`,
        `agents/${name}`,
        objects,
        first.map((step) => step.name),
      ),
    ),
  ];
  return {
    "kustomizations.yaml": renderDocuments(steps.map((step) => kustomization(step, source))),
    ...Object.assign(
      {},
      ...steps.map(({ folder, objects }) => objectFiles(folder, objects.map(kept))),
    ),
    ...secretsFile(rendering),
  };
}

function agentSteps(
  name: string,
  folder: string,
  objects: readonly KubernetesObject[],
  first: readonly string[],
): readonly Step[] {
  const stages = stagesOf(objects);
  let after = first;
  return stages.map((stage) => {
    // The agent is well when its last stage is, so that one has its plain name.
    const own = stage === stages.at(-1) ? name : `${name}-${stage.name}`;
    const place = stages.length > 1 ? `${folder}/${stage.name}` : folder;
    const step = { name: own, folder: place, objects: stage.objects, after };
    after = [own];
    return step;
  });
}

function kept(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "ConfigMap") return object;
  const annotations = {
    ...object.metadata.annotations,
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function kustomization({ name, folder, after }: Step, { path }: Pick<Source, "path">) {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: "flux-system" },
    spec: {
      sourceRef: { kind: "GitRepository", name: "flux-system" },
      path: `./${join(path, folder)}`,
      interval: "10m",
      retryInterval: "1m",
      timeout: "15m",
      prune: true,
      wait: true,
      ...(after.length > 0 && { dependsOn: after.map((name) => ({ name })) }),
    },
  };
}
