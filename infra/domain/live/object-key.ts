import type { KubernetesObject } from "../manifests/object.ts";

/** What tells an object from all others of its cluster; the version of its API does not. */
export function objectKey({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return [group, kind, metadata.namespace ?? "", metadata.name].join("/");
}

/** An object's name for people, such as `Deployment fastapi-agent`. */
export function objectTitle({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}

/** The hash that names an object by its content. */
const contentHash = /-[0-9a-f]{10}$/;

/**
 * What an object has in common with those that hold earlier content of the same thing, such as an
 * agent's ConfigMaps; undefined when it is not named by its content.
 */
export function lineageKey(object: KubernetesObject): string | undefined {
  const { name } = object.metadata;
  if (!contentHash.test(name)) return undefined;
  const metadata = { ...object.metadata, name: name.replace(contentHash, "") };
  return objectKey({ ...object, metadata });
}
