import type { Rendering } from "./render.ts";
import { describeKeys } from "./tree.ts";
import { renderDocuments } from "./yaml.ts";

/** A rendering as one stream of YAML documents. It begins with the Secrets that are not in it. */
export function renderStream(rendering: Rendering): string {
  const { environment, objects, secrets } = rendering;
  const needs = secrets.map((secret) => {
    const keys = describeKeys(secret);
    return `#   ${secret.namespace}/${secret.name}${keys && `: ${keys}`}\n`;
  });
  const head = `# The stack ${environment.name} for Kubernetes ${environment.kubernetes}.\n`;
  const list = needs.length > 0 ? `# These Secrets have to be there first:\n${needs.join("")}` : "";
  return `${head}${list}${renderDocuments(objects)}`;
}
