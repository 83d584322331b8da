import type { Rendering } from "./render.ts";
import { renderDocuments } from "./yaml.ts";

/** A rendering as one stream of YAML documents. It begins with the Secrets that are not in it. */
export function renderStream({ environment, objects, secrets }: Rendering): string {
  const needs = secrets.map(({ namespace, name, keys }) => {
    const known = keys.map(({ key, need }) => `${key} (${need})`).join(", ");
    return `#   ${namespace}/${name}${known && `: ${known}`}\n`;
  });
  const head = `# The stack ${environment.name} for Kubernetes ${environment.kubernetes}.\n`;
  const list = needs.length > 0 ? `# These Secrets have to be there first:\n${needs.join("")}` : "";
  return `${head}${list}${renderDocuments(objects)}`;
}
