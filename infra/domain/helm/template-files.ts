import { whenAnnotation } from "../manifests/job.ts";
import { renderPrerequisites } from "./before-jobs.ts";
import { replaceAt, valueAt } from "./fill.ts";
import { renderHelper } from "./helpers.ts";
import { block, type Node, reference, renderTemplate } from "./template.ts";

/** The texts of the templates, by the name of the file that each is in. */
export function renderTemplateFiles(
  templates: Readonly<Record<string, Node>>,
  agent: string,
): Readonly<Record<string, string>> {
  const files = Object.entries(templates).map(([file, node]) => {
    const [, job] = /^job-(.+)\.yaml$/.exec(file) ?? [];
    return [file, job === undefined ? renderTemplate(node) : renderJob(node, job, agent)] as const;
  });
  const before = files.flatMap(([file]) => (isBefore(templates[file]) ? [file.slice(4, -5)] : []));
  const switches = before.map((job) => reference("jobs", job, "enabled"));
  const prerequisites = renderPrerequisites(templates, switches);
  return {
    ...Object.fromEntries(files),
    ...(before.length > 0 && { "before-jobs.yaml": prerequisites }),
  };
}

/**
 * A Job is named by the hash of its specification, as `manifests` names it, so the specification is
 * a template of its own.
 */
function renderJob(node: Node, job: string, agent: string): string {
  const name = `${agent}.job.${job}`;
  const spec = valueAt(node, ["body", "spec"]) as Node;
  const hash = `include "${name}.spec" . | fromYaml | toRawJson | sha256sum | trunc 10`;
  const fullname = `include "${agent}.fullname" .`;
  return [
    renderTemplate(replaceAt(node, ["body", "spec"], block(`include "${name}.spec" .`))),
    renderHelper(`${name}.name`, `{{- printf "%s-${job}-%s" (${fullname}) (${hash}) }}\n`),
    renderHelper(`${name}.spec`, renderTemplate(spec)),
  ].join("\n");
}

function isBefore(node: Node | undefined): boolean {
  return valueAt(node, ["body", "metadata", "annotations", whenAnnotation]) === "before";
}
