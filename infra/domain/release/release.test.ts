import assert from "node:assert/strict";
import { test } from "node:test";
import { digestFor, sampleRelease, sha256 } from "../test/sample-release.ts";
import { parseRelease } from "./parse.ts";
import { renderRelease, sealRelease, succeedRelease, type UnsealedRelease } from "./release.ts";

const file = "stacks/prod/fastapi-agent/release.json";
const release = sampleRelease("one", { replaces: digestFor("before") });
const text = renderRelease(release);
const parse = (changed: string) => parseRelease(file, changed, sha256);

test("a release that was written can be read again, and its keys are sorted", () => {
  assert.deepEqual(parse(text), release);
  const keys = [...text.matchAll(/^ {2}"(\w+)"/gm)].map(([, key]) => key);
  assert.deepEqual(keys, keys.toSorted());
  assert.equal(keys[0], "apiVersion");
});

test("any one byte that is changed, added or removed is refused", () => {
  for (let index = 0; index < text.length; index += 3) {
    const other = text[index] === "0" ? "1" : "0";
    const [start, end] = [text.slice(0, index), text.slice(index + 1)];
    for (const changed of [start + other + end, start + end, `${start} ${text.slice(index)}`]) {
      assert.throws(() => parse(changed), { code: "invalid-input" }, changed);
    }
  }
});

test("who changes an image by hand is told the hash and the way back", () => {
  const changed = text.replace(/@sha256:\w{64}/, `@${digestFor("other")}`);
  assert.throws(() => parse(changed), {
    message: new RegExp(
      `release\\.json:\\d+:3: what it says was changed: "hash" must be sha256:\\w{64}; take the change back: git restore ${file}; or release anew: npx slipway build fastapi-agent`,
    ),
  });
});

test("a hash that was made to fit does not help when the contents were not", () => {
  const other = sampleRelease("other", { replaces: digestFor("before") });
  const forged = renderRelease({ ...other, contents: release.contents });
  assert.throws(() => parse(forged), /"hash" must be/);
});

test("spaces and line ends are part of the text", () => {
  for (const changed of [`${text}\n`, text.replaceAll("\n", "\r\n"), text.trim()]) {
    assert.throws(() => parse(changed), /the text was changed, though not what it says/);
  }
});

test("a file of an earlier version says how to make it anew", () => {
  const old = `{ "package": "fastapi-agent", "version": "1.0.0", "image": "r@${digestFor("x")}" }`;
  assert.throws(() => parse(old), /has no "hash".*npx slipway build fastapi-agent/);
});

test("every mistake is reported with its line", () => {
  const wrong = text
    .replace("slipway.dev/v1", "v0")
    .replace('"version": "1.0.0"', '"version": "1"')
    .replace(/"secrets": \{[^}]*\}/, '"secrets": { "KEY": "a value in clear" }');
  assert.throws(
    () => parse(wrong),
    ({ message }: Error) => {
      assert.deepEqual(
        [...message.matchAll(/release\.json:\d+:\d+: "([\w.]+)"/g)].map(([, key]) => key),
        ["apiVersion", "secrets.KEY", "version"],
      );
      return true;
    },
  );
});

const changes: readonly (readonly [string, Partial<UnsealedRelease>, boolean])[] = [
  ["another image", { image: `r@${digestFor("two")}` }, true],
  ["another version", { version: "1.0.1" }, true],
  ["another contract", { packageDigest: digestFor("port 9000") }, true],
  ["other prompts", { prompts: digestFor("prompts") }, true],
  ["another model", { model: digestFor("bigger") }, true],
  ["other tools", { tools: digestFor("tools") }, true],
  ["other settings", { config: digestFor("other") }, false],
  ["another secret", { secrets: {} }, false],
  ["another commit", { commit: "b".repeat(40) }, false],
];

for (const [what, change, travels] of changes) {
  test(`${what}: another hash, and ${travels ? "other" : "the same"} contents`, () => {
    const changed = sealRelease({ ...release, ...change }, sha256);
    assert.notEqual(changed.hash, release.hash);
    assert.equal(changed.contents !== release.contents, travels);
  });
}

test("a release that would run the same is not a new one", () => {
  const again = succeedRelease(release, { ...release, commit: "b".repeat(40) }, sha256);
  assert.equal(again, release);
  const next = succeedRelease(release, sampleRelease("two"), sha256);
  assert.equal(next.replaces, release.hash);
  assert.equal(succeedRelease(undefined, release, sha256).replaces, undefined);
});
