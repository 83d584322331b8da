import type { KubernetesObject } from "../manifests/object.ts";
import type { Rendering } from "./render.ts";
import { stagesOf } from "./stages.ts";
import { join, objectFiles, partition, type Source, secretsFile, type Tree } from "./tree.ts";
import { renderDocuments } from "./yaml.ts";

const waveAnnotation = "argocd.argoproj.io/sync-wave";

/**
 * A tree that Argo CD syncs: `applications.yaml`, `stack/` and `agents/<agent>/`.
 *
 * The Jobs of an agent are plain objects in waves, no hooks: a Job has the name of its content, so it
 * runs once for each release, and its wave waits for it. A `PreSync` hook would run before the
 * ConfigMap that it reads is there, and any hook with every sync. Waves order the objects of one
 * Application only; an agent whose namespace is not there yet tries again.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export function argocdTree(rendering: Rendering, source: Source): Tree {
  const { shared, agents } = partition(rendering);
  const stack = rendering.environment.name;
  const applications = [
    ...(shared.length > 0 ? [application(`${stack}-stack`, "stack", 0, rendering, source)] : []),
    ...agents.map(({ name }) =>
      application(`${stack}-${name}`, `agents/${name}`, 1, rendering, source),
    ),
  ];
  return {
    "applications.yaml": renderDocuments(applications),
    ...objectFiles("stack", shared),
    ...Object.assign(
      {},
      ...agents.map(({ name, objects }) => objectFiles(`agents/${name}`, inWaves(objects))),
    ),
    ...secretsFile(rendering),
  };
}

function inWaves(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return stagesOf(objects).flatMap((stage, wave) =>
    wave === 0 ? stage.objects : stage.objects.map((object) => inWave(object, wave)),
  );
}

function inWave(object: KubernetesObject, wave: number): KubernetesObject {
  const annotations = { ...object.metadata.annotations, [waveAnnotation]: String(wave) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function application(
  name: string,
  folder: string,
  wave: number,
  { environment }: Rendering,
  { repository, path }: Source,
) {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      namespace: "argocd",
      // For whoever puts all Applications below one; the others take them at once.
      annotations: { [waveAnnotation]: String(wave) },
    },
    spec: {
      project: "default",
      source: { repoURL: repository, path: join(path, folder), targetRevision: "HEAD" },
      destination: { server: "https://kubernetes.default.svc", namespace: environment.namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        // The old pods of a rollout may still start with the ConfigMap that is no longer here.
        syncOptions: ["ServerSideApply=true", "PruneLast=true"],
        retry: { limit: 10, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
      },
    },
  };
}
