/**
 * The range of Kubernetes versions of a package as Helm reads it. Helm compares what the cluster
 * calls itself, and clouds add a suffix (`v1.34.1-gke.100`) that only a bound with `-0` lets in.
 *
 * @see https://helm.sh/docs/topics/charts/#the-kubeversion-field
 */
export function kubeVersion(range: string): string {
  return range.replaceAll(
    /(>=|<(?!=)|\^|~)\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?(?![\d.x*-])/g,
    (_, operator, major, minor = "0", patch = "0") => `${operator}${major}.${minor}.${patch}-0`,
  );
}
