import { UserError } from "../errors.ts";
import type { Hashes, ReleasedAgent } from "../manifests/input.ts";
import type { Environment } from "../stack/environment.ts";
import type { Values } from "../values/values.ts";
import { helmIgnore, renderChartFile, renderNotes, renderReadme } from "./chart-files.ts";
import { cut } from "./cut.ts";
import { renderHelpers } from "./helpers.ts";
import { makeLayers, renderLayer } from "./layers.ts";
import { makeSubject, type PartNames, partNames, type Subject, withEverything } from "./subject.ts";
import type { Node } from "./template.ts";
import { renderTemplateFiles } from "./template-files.ts";
import { renderTest } from "./test-pod.ts";
import { unexportableTexts } from "./unexportable.ts";
import { unite } from "./unite.ts";
import { renderValues, renderValuesSchema } from "./values-text.ts";

/** An agent as it is in one environment. */
export interface Place {
  readonly environment: Environment;
  readonly agent: ReleasedAgent;
  readonly hashes: Hashes;
}

/** What a chart is made from. */
export interface ChartInput {
  /** The same agent in each environment that the chart is for. */
  readonly places: readonly [Place, ...Place[]];
  /** The values that the package has by itself, which become those of the chart. */
  readonly packageValues: Values;
}

/**
 * A Helm chart of one agent, as texts by their path in the chart's folder. With the values of an
 * environment, `values-<environment>.yaml`, it makes the very objects that a deployment makes there,
 * besides Secrets, and with the Jobs marked as hooks.
 *
 * @throws {UserError} `not-exportable` with every difference between environments for which the
 * chart has no value, and every text that Helm would not give back as it is.
 */
export function exportChart(input: ChartInput): Readonly<Record<string, string>> {
  const [first, ...others] = input.places;
  const subject = makeSubject(first.environment, first.agent, first.hashes);
  const rest = others.map(({ environment, agent, hashes }) =>
    makeSubject(environment, agent, hashes),
  );
  const subjects = [subject, ...rest] as const;
  const parts = partNames(subjects);
  const full = withEverything(subject);
  const templates = uniteTemplates([...subjects, full], parts);
  const layers = makeLayers(subjects, parts, input.packageValues);
  const environments = subjects.map(({ environment }) => environment.name);
  const { package: pkg, behaviour } = first.agent;
  const test = renderTest(full);
  return {
    "Chart.yaml": renderChartFile(pkg),
    ".helmignore": helmIgnore,
    "README.md": renderReadme(pkg, layers.chart, environments),
    "values.yaml": renderValues(layers.chart),
    "values.schema.json": renderValuesSchema(layers.chart),
    ...Object.fromEntries(
      environments.map((name) => [`values-${name}.yaml`, renderLayer(name, layers)] as const),
    ),
    ...folder("files", behaviour),
    ...folder("templates", {
      "_helpers.tpl": renderHelpers(full, parts),
      "NOTES.txt": renderNotes(pkg),
      ...renderTemplateFiles(templates, full.agent.name),
      ...(test !== undefined && { "tests/ready.yaml": test }),
    }),
  };
}

/** One template for the object of all environments. */
function uniteTemplates(subjects: readonly Subject[], parts: PartNames) {
  const problems = subjects.flatMap(unexportableTexts);
  const united: Record<string, Node> = {};
  for (const subject of subjects) {
    for (const [file, node] of Object.entries(cut(subject, parts).templates)) {
      const other = united[file] ?? node;
      united[file] = unite(other, node, (path) => {
        problems.push(
          `${file.replace(/\.yaml$/, "")}: ${path.join(".")} is not the same in every environment`,
        );
      });
    }
  }
  refuse([...new Set(problems)], subjects);
  return united;
}

function refuse(problems: readonly string[], [first]: readonly Subject[]): void {
  if (problems.length === 0) return;
  const agent = first?.agent.name;
  throw new UserError(
    "not-exportable",
    `${agent} cannot become one chart for these environments\n${problems.map((one) => `  ${one}`).join("\n")}`,
    `make them the same, or export each by itself: npx slipway export helm ${agent} --environment ${first?.environment.name}`,
  );
}

function folder(
  name: string,
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [`${name}/${path}`, text] as const),
  );
}
