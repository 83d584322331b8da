import type { Rendering } from "./render.ts";
import { describeKeys } from "./tree.ts";
import { renderDocuments } from "./yaml.ts";

/** Objects in one piece of a stream: enough to write it fast, few enough to hold it in memory. */
const atOnce = 50;

/**
 * A rendering as one stream of YAML documents, in pieces. It begins with the Secrets that are
 * not in it.
 */
export function* renderStream(rendering: Rendering): Generator<string> {
  const { environment, objects, secrets } = rendering;
  const needs = secrets.map((secret) => {
    const keys = describeKeys(secret);
    return `#   ${secret.namespace}/${secret.name}${keys && `: ${keys}`}\n`;
  });
  const head = `# The stack ${environment.name} for Kubernetes ${environment.kubernetes}.\n`;
  const list = needs.length > 0 ? `# These Secrets have to be there first:\n${needs.join("")}` : "";
  yield `${head}${list}`;
  for (let first = 0; first < objects.length; first += atOnce) {
    yield renderDocuments(objects.slice(first, first + atOnce));
  }
}
