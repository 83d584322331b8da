import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../errors.ts";
import { environments, sampleStack, sampleTexts } from "../test/sample-stack.ts";
import { defaultValues } from "../values/values.ts";
import { planStack } from "./plan.ts";

const own = "stacks/dev/fastapi-agent/values.yaml";
const shared = "stacks/dev/values.yaml";
const defaults = "infra/packages/fastapi-agent/values.yaml";

test("every environment of the repository is sound, and they differ only by data", () => {
  const stacks = environments.map((environment) => sampleStack(environment));
  assert.deepEqual(
    stacks.map(({ environment, agents }) => [
      environment.namespace,
      agents.map(({ name }) => name),
      agents[0]?.values.replicas.min,
      agents[0]?.values.service.type,
    ]),
    [
      ["agents-dev", ["fastapi-agent"], 2, "NodePort"],
      ["agents-staging", ["fastapi-agent"], 2, "ClusterIP"],
      ["agents-prod", ["fastapi-agent"], 3, "ClusterIP"],
    ],
  );
});

test("each layer wins over the ones below it", () => {
  const level = (changes: Record<string, string>, set: readonly string[] = []) =>
    sampleStack("dev", changes, set).agents[0]?.values.config.LOG_LEVEL;
  const config = (text: string) => `config: { LOG_LEVEL: ${text} }\n`;
  const exposed =
    "networkPolicy: { ingress: { cidrs: [0.0.0.0/0] } }\nreplicas: { min: 2, max: 3 }\n";
  const files = { [defaults]: "", [shared]: "", [own]: exposed };
  assert.equal(level(files), undefined);
  assert.equal(level({ ...files, [defaults]: config("one") }), "one");
  const two = { ...files, [defaults]: config("one"), [shared]: config("two") };
  assert.equal(level(two), "two");
  const three = { ...two, [own]: exposed + config("three") };
  assert.equal(level(three), "three");
  assert.equal(level(three, ["config.LOG_LEVEL=four"]), "four");
});

test("what no layer says has its documented default", () => {
  const texts = { ...sampleTexts(), [defaults]: "", [shared]: "", [own]: "replicas: { max: 3 }\n" };
  const [agent] = planStack({ environment: "dev", texts }).agents;
  assert.deepEqual(agent?.values, { ...defaultValues, replicas: { min: 2, max: 3 } });
});

test("null removes an inherited setting, and a needed one is then missed at that place", () => {
  const without = sampleStack("prod", {}, ["resources.limits.cpu=null", "config.API_TIMEOUT=null"]);
  assert.equal(without.agents[0]?.values.resources.limits.cpu, undefined);
  assert.ok(!("API_TIMEOUT" in (without.agents[0]?.values.config ?? {})));
  const text = "replicas:\n  max: 3\n  min: null\n";
  assert.throws(() => sampleStack("dev", { [own]: text }), {
    message: new RegExp(`${own}:3:3: "replicas.min" is missing`),
  });
});

test("all problems of all files are reported at once, each with file, line and column", () => {
  const changes = {
    [shared]: "replica: 3\nconfig:\n  RETRIES: 3\n",
    [own]: "resources:\n  limits: { memroy: 1Gi }\nservice: { type: Public }\n",
    "infra/packages/fastapi-agent/package.yaml": "name: [\n",
    "stacks/dev/fastapi-agent/release.json": '{ "package": "fastapi-agent", "hash": "" }',
    "stacks/dev/other/values.yaml": "",
  };
  assert.throws(
    () => sampleStack("dev", changes, ["autoscaling.cpuPercent=high"]),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, "invalid-input");
      for (const expected of [
        `${shared}:1:1: unknown key "replica"; did you mean "replicas"?`,
        `${shared}:3:3: "config.RETRIES" must be text`,
        `${own}:2:13: unknown key "resources.limits.memroy"; did you mean "memory"?`,
        `${own}:3:12: "service.type" must be one of ClusterIP, NodePort, LoadBalancer, found "Public"`,
        "infra/packages/fastapi-agent/package.yaml:2:1:",
        'stacks/dev/fastapi-agent/release.json:1:1: "image" is missing',
        "infra/packages/other/package.yaml: missing",
        '--set: "autoscaling.cpuPercent" must be a whole percentage',
      ]) {
        assert.ok(error.message.includes(expected), `${expected}\n--\n${error.message}`);
      }
      return true;
    },
  );
});

test("an environment that is not in the pipeline is refused with the ones that are", () => {
  assert.throws(() => sampleStack("stagin"), {
    code: "unknown-environment",
    message: /did you mean "staging"/,
    hint: /dev, staging, prod/,
  });
});

const contradictions: readonly (readonly [string, RegExp])[] = [
  ["replicas.max=2", /"replicas\.max" \(2\) must be more than "replicas\.min" \(2\)/],
  [
    "resources.requests.memory=300Mi",
    /"resources\.requests\.memory" \(300Mi\) is more than the limit/,
  ],
  ["resources.tmp=256Mi", /"resources\.tmp" \(256Mi\) must be less than the limit/],
  ["service.type=ClusterIP", /"service\.nodePort" needs "service\.type" NodePort/],
  ["networkPolicy.ingress.cidrs=[]", /lets nobody outside the cluster in/],
  ["config.API_TOKEN=x", /"config\.API_TOKEN" looks like a secret; move its value/],
  ["config.UPSTREAM=https://me:pass@host/", /"config\.UPSTREAM" looks like a secret/],
  ["config.MAX_CONCURRENCY=1", /is derived from package\.yaml/],
  ["config.OPENAI_API_KEY_FILE=/tmp/x", /is derived from package\.yaml/],
  ["resources.limits.cpu=2", /the cpu limit of fastapi-agent \(2\) is more than dev allows/],
  ["resources.requests.cpu=5m", /the cpu request of fastapi-agent \(5m\) is less than dev allows/],
  ["replicas.max=9", /pipeline\.yaml:\d+:7: a rollout at full scale in dev .* limits\.cpu/],
];

for (const [assignment, expected] of contradictions) {
  test(`${assignment} in dev is refused before a cluster sees it`, () => {
    assert.throws(() => sampleStack("dev", {}, [assignment]), {
      code: "invalid-input",
      message: expected,
    });
  });
}

test("settings that only sound like secrets are accepted", () => {
  const { agents } = sampleStack("dev", {}, ["config.MAX_TOKENS=512"]);
  assert.equal(agents[0]?.values.config.MAX_TOKENS, "512");
});

test("a secret that was written into values is refused and not repeated", () => {
  const canary = "sk-canary-0123456789abcdef";
  for (const place of [`secrets.X=${canary}`, `config.X=${canary}`]) {
    assert.throws(
      () => sampleStack("dev", {}, [place]),
      ({ message }: Error) => !message.includes(canary),
    );
  }
});

test("damaged files are refused as such, never with another error", () => {
  const texts = sampleTexts();
  const files = Object.keys(texts).filter((file) => /pipeline|\/dev\/|packages/.test(file));
  const pieces = [
    "null",
    "[",
    "{",
    "- ",
    "&a",
    "*a",
    "'",
    "\0",
    "__proto__: {a: 1}",
    ": ",
    ".nan",
    "? ",
  ];
  for (const file of files) {
    const text = texts[file] ?? "";
    for (const [index, piece] of pieces.entries()) {
      const at = Math.floor((text.length * (index + 1)) / (pieces.length + 1));
      const damaged = text.slice(0, at) + piece + text.slice(at + index);
      try {
        sampleStack("dev", { [file]: damaged });
      } catch (error) {
        assert.ok(error instanceof UserError, `${file}\n${damaged}\n${error}`);
        assert.doesNotMatch(error.message, /undefined|\[object/);
      }
    }
  }
});

test("the whole pipeline fits a node with two cores and eight gigabytes", () => {
  const requests = environments
    .map((environment) => sampleStack(environment).agents[0]?.values)
    .map((values) => {
      assert.ok(values);
      const { min } = values.replicas;
      const { cpu, memory } = values.resources.requests;
      return { cpu: min * Number.parseInt(cpu, 10), memory: min * Number.parseInt(memory, 10) };
    });
  const sum = (key: "cpu" | "memory") => requests.reduce((total, one) => total + one[key], 0);
  assert.ok(sum("cpu") <= 1200, `${sum("cpu")}m`);
  assert.ok(sum("memory") <= 4096, `${sum("memory")}Mi`);
});
