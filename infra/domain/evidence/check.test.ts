import assert from "node:assert/strict";
import { test } from "node:test";
import { digestFor, sampleLog, sampleRelease, sha256 } from "../test/sample-release.ts";
import { brokenLinks, missingBases, parseEvidence } from "./check.ts";
import { type EvidenceEntry, renderEvidence } from "./evidence.ts";

const release = sampleRelease("one");
const file = "stacks/dev/fastapi-agent/evidence.json";
const log = sampleLog("dev", [
  [1, "deployed", release, { figures: { seconds: 12.5 } }],
  [2, "verified", release],
  [3, "eval", release, { figures: { quality: 0.9 } }],
  [4, "quarantined", release, { result: "failed", reason: "slow" }],
  [5, "rolled-back", sampleRelease("zero")],
]);

const parse = (text: string) => parseEvidence(file, text, sha256);
const found = (entries: readonly EvidenceEntry[]) =>
  brokenLinks(entries, sha256).map(({ index, message }) => [
    index,
    message.replace(/ \(.*?\)(?= )/, "").replace(/ \(sha256:\w+\)$/, ""),
  ]);

test("a log that was written can be read again, and is one chain", () => {
  assert.deepEqual(parse(renderEvidence(log)), log);
  assert.deepEqual(parse(renderEvidence([])), []);
});

test("adding to a log adds a line and leaves the others as they are", () => {
  const [before, after] = [renderEvidence(log.slice(0, 4)), renderEvidence(log)].map((text) =>
    text.split("\n"),
  );
  assert.equal(after?.length, (before?.length ?? 0) + 1);
  assert.deepEqual(after?.slice(0, 4), before?.slice(0, 4));
});

test("an entry that was edited is named, and no other", () => {
  for (const index of log.keys()) {
    const edited = log.with(index, { ...(log[index] as EvidenceEntry), by: "somebody else" });
    assert.deepEqual(found(edited), [[index, `entry ${index + 1} was edited`]]);
  }
});

test("an entry whose hash was edited is one mistake, not two", () => {
  const edited = log.with(1, { ...(log[1] as EvidenceEntry), hash: digestFor("other") });
  assert.deepEqual(found(edited), [[1, "entry 2 was edited"]]);
});

test("an entry that was removed is missed by the one after it", () => {
  for (let index = 0; index < log.length - 1; index++) {
    assert.deepEqual(found(log.toSpliced(index, 1)), [
      [index, `entry ${index + 1} comes after one that was removed`],
    ]);
  }
});

test("entries that were moved are named with the place where they belong", () => {
  const [one, two, three, ...rest] = log as EvidenceEntry[];
  const moved = [one, three, two, ...rest] as EvidenceEntry[];
  assert.deepEqual(found(moved), [
    [1, "entry 2 was moved: it belongs after entry 3"],
    [2, "entry 3 was moved: it belongs after entry 1"],
    [3, "entry 4 was moved: it belongs after entry 2"],
  ]);
  assert.deepEqual(found([two, one, three] as EvidenceEntry[])[1], [
    1,
    "entry 2 was the first when it was written; it was moved",
  ]);
});

test("an entry that was put in between is found, whatever it says", () => {
  const forged = sampleLog("dev", [[3, "verified", release]])[0] as EvidenceEntry;
  assert.notEqual(found(log.toSpliced(3, 0, forged)).length, 0);
});

test("no change of one character goes unnoticed", () => {
  const text = renderEvidence(log);
  const inEntries = [text.indexOf("\n") + 1, text.lastIndexOf("\n]")] as const;
  for (let index = inEntries[0]; index < inEntries[1]; index += 7) {
    const other = text[index] === "0" ? "1" : "0";
    const changed = text.slice(0, index) + other + text.slice(index + 1);
    assert.throws(
      () => parse(changed),
      { code: "invalid-input" },
      changed.slice(index - 20, index + 9),
    );
  }
});

test("a broken log names the line of the file and how to see who did it", () => {
  const edited = log.with(2, { ...(log[2] as EvidenceEntry), figures: { quality: 1 } });
  assert.throws(() => parse(renderEvidence(edited)), {
    message:
      /evidence\.json:4: entry 3 \(eval in dev at 2030-06-15T00:03:00Z by a test\) was edited/,
    hint: /^git log -p -- stacks\/dev/,
  });
});

test("a file that is no log is refused with what is wrong in it", () => {
  assert.throws(() => parse("{"), /is no JSON/);
  assert.throws(
    () => parse('{"apiVersion":"slipway.dev/v1","entries":[{}]}'),
    /evidence\.json:2: "entries\.0\.at" is missing/,
  );
});

test("a promotion whose verification was cut off is told", () => {
  const basis = log[1]?.hash ?? "";
  const prod = sampleLog("prod", [[9, "promoted", release, { basis }]]);
  assert.deepEqual(missingBases({ dev: log, prod }), []);
  const [problem] = missingBases({ dev: log.slice(0, 1), prod });
  assert.match(problem?.message ?? "", /relies on the verification sha256:\w+, which is in no log/);
  assert.deepEqual(missingBases({ prod }, ["prod"]), []);
});
