import type { PlainMap } from "../plain-map.ts";
import { replaceAt } from "./fill.ts";
import { control, entries, isAction, type Node, renderTemplate } from "./template.ts";

/** What a Job's pod needs that is part of the release, and so is not there before it. */
const needed = [
  "serviceaccount.yaml",
  "configmap.yaml",
  "files-configmap.yaml",
  "networkpolicy.yaml",
];

const hook = {
  "helm.sh/hook": "pre-install,pre-upgrade",
  "helm.sh/hook-weight": "-1",
  "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded,hook-failed",
};

/**
 * Copies of what the Jobs need that run before the release is installed or upgraded. Helm runs such
 * hooks before everything else, so the first install and any upgrade to another configuration would
 * wait for it in vain. The copies go when the Jobs are done, and what is in the cluster already is
 * never touched.
 */
export function renderPrerequisites(
  templates: Readonly<Record<string, Node>>,
  switches: readonly string[],
): string {
  const anyOf = switches.length === 1 ? switches[0] : `(or ${switches.join(" ")})`;
  const copies = needed.flatMap((file) => {
    const node = templates[file];
    return node === undefined ? [] : [copyOf(node, `and ${anyOf}`)];
  });
  return `${comment}\n${copies.map(renderTemplate).join("---\n")}`;
}

const comment = `{{- /*
The Jobs that run before an install or upgrade need these objects before Helm makes them. The copies
go when the Jobs are done; what is in the cluster already is left alone.
*/}}`;

function copyOf(node: Node, condition: string): Node {
  if (isAction(node) && node["{{"] === "control")
    return { ...node, body: copyOf(node.body, condition) };
  const { apiVersion, kind, metadata } = node as { readonly [key: string]: Node };
  const { name, annotations = {} } = metadata as { readonly [key: string]: Node };
  const own = isAction(annotations) ? { [entries]: annotations } : annotations;
  const found = `(lookup "${apiVersion}" "${kind}" .Release.Namespace (${(name as { text: string }).text}))`;
  return control(
    `if ${condition} (not ${found})`,
    replaceAt(node, ["metadata", "annotations"], { ...hook, ...(own as PlainMap) } as Node),
  );
}
