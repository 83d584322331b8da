import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { renderRelease } from "../release/release.ts";
import { chartOf } from "../test/helm-chart.ts";
import { randomAgent, randomTexts } from "../test/random-stacks.ts";
import { namedRelease } from "../test/sample-release.ts";
import { environments, sampleTexts } from "../test/sample-stack.ts";

const agent = "fastapi-agent";
const values = (environment: string) => `stacks/${environment}/${agent}/values.yaml`;

/** The sample agent's chart, with text added to the values of one environment. */
function sampleChart(environment = "prod", text = "") {
  const file = values(environment);
  return chartOf(agent, environments, sampleTexts({ [file]: `${sampleTexts()[file]}\n${text}` }));
}

/** A file of a chart as data. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at a few fields.
function read(chart: Readonly<Record<string, string>>, file: string): any {
  return parse(chart[file] ?? assert.fail(`no ${file}`));
}

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.equal((error as { code: string }).code, "not-exportable");
    return (error as Error).message;
  }
  return assert.fail("not refused");
};

test("a chart has what Helm users look for", () => {
  const chart = sampleChart();
  for (const file of [
    "Chart.yaml",
    "values.yaml",
    "values.schema.json",
    "README.md",
    ".helmignore",
  ]) {
    assert.ok(chart[file], file);
  }
  for (const file of ["NOTES.txt", "_helpers.tpl", "deployment.yaml", "tests/ready.yaml"]) {
    assert.ok(chart[`templates/${file}`], file);
  }
  const { apiVersion, name, version, kubeVersion } = read(chart, "Chart.yaml");
  assert.deepEqual(
    { apiVersion, name, version, kubeVersion },
    { apiVersion: "v2", name: agent, version: "1.0.0", kubeVersion: ">=1.30.0-0" },
  );
});

test("the chart's own values are the package's, and belong to no environment", () => {
  const chart = sampleChart();
  const { replicas, service, labels, secretName, ingress } = read(chart, "values.yaml");
  assert.deepEqual(replicas, { min: 2, max: 4 });
  assert.equal(service.type, "ClusterIP");
  assert.deepEqual(labels, { managedBy: "", owner: "", partOf: "ai-agents", stack: "" });
  assert.equal(secretName, "");
  assert.equal(ingress.enabled, false);
});

test("an environment's values say only what is other there", () => {
  const prod = read(sampleChart(), "values-prod.yaml");
  assert.deepEqual(prod.replicas, { min: 3, max: 6 });
  assert.equal(prod.labels.stack, "prod");
  assert.equal(prod.config, undefined);
  assert.match(prod.image.digest, /^sha256:/);
});

test("a part of one environment is switched off in the others, by one word", () => {
  const job = "jobs: { load-data: { when: before, command: [load] } }";
  const chart = sampleChart("dev", job);
  assert.equal(read(chart, "values.yaml").jobs["load-data"].enabled, false);
  assert.deepEqual(read(chart, "values-dev.yaml").jobs, { "load-data": { enabled: true } });
  assert.equal(read(chart, "values-prod.yaml").jobs, undefined);
  assert.match(
    chart["templates/job-load-data.yaml"] ?? "",
    /helm\.sh\/hook: "pre-install,pre-upgrade"/,
  );
  assert.ok(chart["templates/before-jobs.yaml"]);
});

test("a patch of every environment is in the templates; one of a single environment is refused", () => {
  const patch =
    "patches: [{ kind: Deployment, reason: why, patch: { spec: { minReadySeconds: 9 } } }]";
  const texts = Object.fromEntries(
    environments.map((name) => [values(name), `${sampleTexts()[values(name)]}\n${patch}`]),
  );
  const chart = chartOf(agent, environments, sampleTexts(texts));
  assert.match(chart["templates/deployment.yaml"] ?? "", /minReadySeconds: 9/);
  const message = refusal(() => sampleChart("prod", patch));
  assert.match(message, /deployment: spec\.minReadySeconds is not the same in every environment/);
  const own = sampleTexts({ [values("prod")]: texts[values("prod")] ?? "" });
  assert.match(
    chartOf(agent, ["prod"], own)["templates/deployment.yaml"] ?? "",
    /minReadySeconds: 9/,
  );
});

test("a text that Helm would change is refused, with its place", () => {
  const message = refusal(() => sampleChart("dev", 'files: { /opt/a: "a\\u2028b" }'));
  assert.match(message, /files\.\/opt\/a in dev: a character that Helm changes/);
});

test("no chart holds a Secret or the name of one in its own values", () => {
  const chart = chartOf(randomAgent, environments, randomTexts("3", environments));
  for (const [file, text] of Object.entries(chart)) {
    assert.doesNotMatch(text, /^kind: Secret$/m, file);
  }
});

test("a worker's chart has no Service and nothing to ask it", () => {
  const worker = "queue-worker";
  const release = renderRelease(namedRelease(worker));
  const texts = sampleTexts({ [`stacks/staging/${worker}/release.json`]: release });
  const chart = chartOf(worker, ["staging"], texts);
  const files = Object.keys(chart).filter((path) => /service\.|ingress|httproute|tests/.test(path));
  assert.deepEqual(files, []);
  assert.doesNotMatch(chart["templates/NOTES.txt"] ?? "", /Values\.service/);
});
