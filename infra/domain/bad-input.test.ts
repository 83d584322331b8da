import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "./errors.ts";
import { planStack } from "./stack/plan.ts";
import { namedRelease } from "./test/sample-release.ts";
import { sampleTexts } from "./test/sample-stack.ts";

const declaration = "infra/packages/fastapi-agent/package.yaml";
const schema = "infra/packages/fastapi-agent/values.schema.json";
const values = "stacks/dev/fastapi-agent/values.yaml";
const release = "stacks/dev/fastapi-agent/release.json";
const pipeline = "stacks/pipeline.yaml";

const sample = sampleTexts();

/** Files that somebody means ill with, or that came over broken, and what is said about each. */
const refused: readonly (readonly [string, string, string, RegExp])[] = [
  ["a bomb of aliases", values, bomb(30), /values\.yaml:2:\d+: aliases are not supported/],
  ["one alias", values, "config: &a {}\nsecrets: *a\n", /:2:10: aliases/],
  ["a merge key", values, "config: { A: x }\n<<: { replicas: 1 }\n", /:2:1: unknown key "<<"/],
  ["a tag that runs code", values, "!!js/function 'x'", /:1:1: Unresolved tag/],
  ["a tag of its own", values, "config: !evil { A: x }", /:1:9: Unresolved tag/],
  ["a binary", values, "config: { A: !!binary aGk= }", /:1:\d+: /],
  ["two documents", values, "config: {}\n---\nconfig: {}\n", /:2:1: a second document/],
  ["the same key twice", values, "config: {}\nconfig: {}\n", /:2:1: Map keys must be unique/],
  ["a key that is a list", values, "? [a]\n: 1\n", /:1:3: a key must be plain text/],
  ["endless nesting", values, `config: ${"[".repeat(9000)}`, /nests more than 64 levels/],
  ["nesting by indentation", values, steps(300), /nests more than 64 levels/],
  ["a file of megabytes", values, `config: {}\n${"#".repeat(5_000_000)}`, /longer than 100000/],
  ["a key without end", values, `${"k".repeat(1000)}: 1`, /:1:1: unknown key "kkk/],
  ["tabs", values, "config:\n\tA: x\n", /:2:1: Tabs are not allowed/],
  ["a NUL byte", values, 'labels: { owner: "a\0b" }', /:1:\d+: "labels\.owner" must be/],
  ["no map at all", values, "[1, 2]", /values\.yaml:1:1: "the file" must be a map/],
  ["a text alone", values, "config", /values\.yaml:1:1: "the file" must be a map/],
  ["a poisoned prototype", values, "__proto__: { replicas: {} }", /:1:1: unknown key "__proto__"/],
  ["a constructor", values, "constructor: { prototype: {} }", /unknown key "constructor"/],
  ["infinity", values, "replicas: { max: 1e999 }", /must be a whole number .*, found Infinity/],
  ["no number", values, "replicas: { max: .nan }", /must be a whole number .*, found NaN/],
  ["half a file", values, "replicas: { min: 2", /values\.yaml:1:\d+: /],
  ["a template", values, "replicas: {{ .Values.replicas }}", /values\.yaml:1:\d+: /],
  ["another language", declaration, "<?xml version='1.0'?><a/>", /package\.yaml:1:1: /],
  ["nothing", declaration, "", /package\.yaml:1:1: "apiVersion" is missing/],
  ["a name that leads elsewhere", declaration, withName("../../x"), /"name" must be/],
  ["a reference to a file", schema, '{"$ref": "file:///etc/passwd"}', /values\.schema\.json:1:2: /],
  ["a schema that is its own part", schema, '{"$ref": "#"}', /values\.schema\.json/],
  ["a schema that is no schema", schema, "[]", /values\.schema\.json/],
  ["a release by tag", release, releaseOf("x/y:latest"), /release\.json:1:\d+: "image" must be/],
  ["a release of two images", release, releaseOf("x/y z"), /release\.json:1:\d+: "image" must be/],
  [
    "no environments",
    pipeline,
    "apiVersion: slipway.dev/v1\nenvironments: []\n",
    /:2:1: "environments"/,
  ],
];

for (const [what, file, text, message] of refused) {
  test(`${what} is refused with its place`, () => {
    assert.throws(
      () => planStack({ environment: "dev", texts: { ...sample, [file]: text } }),
      (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, message);
        assert.ok(error.message.length < 20_000);
        return true;
      },
    );
  });
}

test("a pattern that would be tried for ever is refused, or soon given up", () => {
  const config = { type: "object", properties: { LOG_LEVEL: { pattern: "^(a+)+$" } } };
  const texts = {
    ...sample,
    [schema]: JSON.stringify({ type: "object", properties: { config } }),
    [values]: `config: { LOG_LEVEL: "${"a".repeat(60)}!" }`,
  };
  assert.throws(() => planStack({ environment: "dev", texts }), { code: "invalid-input" });
});

const accepted: readonly (readonly [string, (text: string) => string])[] = [
  ["a byte order mark", (text) => `\ufeff${text}`],
  ["line ends of Windows", (text) => text.replaceAll("\n", "\r\n")],
  ["no last line end", (text) => text.trimEnd()],
];

for (const [what, change] of accepted) {
  test(`${what} changes nothing`, () => {
    const plain = planStack({ environment: "dev", texts: sample });
    for (const file of [pipeline, declaration]) {
      const texts = { ...sample, [file]: change(sample[file] ?? "") };
      assert.deepEqual(planStack({ environment: "dev", texts }), plain);
    }
  });
}

function bomb(levels: number): string {
  const lines = Array.from({ length: levels }, (_, n) => `k${n + 1}: &k${n + 1} [*k${n}, *k${n}]`);
  return ["k0: &k0 x", ...lines].join("\n");
}

function steps(depth: number): string {
  return Array.from({ length: depth }, (_, index) => `${" ".repeat(index)}a:`).join("\n");
}

function withName(name: string): string {
  return (sample[declaration] ?? "").replace(/^name: .*$/m, `name: ${name}`);
}

function releaseOf(image: string): string {
  return JSON.stringify({ ...namedRelease("fastapi-agent"), image });
}
