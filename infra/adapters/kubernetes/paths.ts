/** What tells an object from all others of its cluster. */
export interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** The API path of an object. */
export function objectPath({ apiVersion, kind, metadata }: ObjectIdentity): string {
  const { name, namespace } = metadata;
  return `${listPath(apiVersion, kind, namespace)}/${encodeURIComponent(name)}`;
}

/** The API path of all objects of a kind, in one namespace or, without one, of the whole cluster. */
export function listPath(apiVersion: string, kind: string, namespace?: string): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = namespace === undefined ? "" : `/namespaces/${namespace}`;
  const singular = kind.toLowerCase();
  return `${group}${scope}/${plural(singular)}`;
}

function plural(singular: string): string {
  if (singular.endsWith("y")) return `${singular.slice(0, -1)}ies`;
  return singular.endsWith("s") ? `${singular}es` : `${singular}s`;
}
