import type { Rendering } from "./render.ts";
import { fileName, objectFiles, secretsFile, type Tree } from "./tree.ts";
import { renderYaml } from "./yaml.ts";

/**
 * A folder that kustomize takes, by itself or as a base.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function kustomizeTree(rendering: Rendering): Tree {
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: rendering.objects.map(fileName),
  };
  return {
    "kustomization.yaml": renderYaml(kustomization),
    ...objectFiles("", rendering.objects),
    ...secretsFile(rendering),
  };
}
