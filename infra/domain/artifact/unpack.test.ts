import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { UserError } from "../errors.ts";
import { parsePackage } from "../package/parse.ts";
import { randomNumbers } from "../test/random-numbers.ts";
import { assembleArtifact, packFiles } from "./artifact.ts";
import { type ArchivedFile, writeTar } from "./tar.ts";
import { type StoredArtifact, unpackArtifact } from "./unpack.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const digestOf = (bytes: Uint8Array) => `sha256:${sha256(bytes)}`;

const declared = `apiVersion: slipway.dev/v1
name: sample
version: 1.0.0
appVersion: 1.0.0
kubernetes: ">=1.30"
image: { context: app }
agent:
  port: 8000
  probes: { startup: /up, ready: /up, live: /up }
  startupBudgetSeconds: 1
  longestTaskSeconds: 1
  concurrencyPerPod: 1
`;

const file = (path: string, text: string): ArchivedFile => ({
  path,
  executable: false,
  content: Buffer.from(text),
});

const files = [file("package.yaml", declared), file("values.yaml", "config: {}\n")];
const artifact = assembleArtifact(
  parsePackage("package.yaml", declared),
  packFiles(files, sha256),
  undefined,
  sha256,
);

type Texts = { manifest: string; config: string; content: Uint8Array };

const original: Texts = {
  manifest: Buffer.from(artifact.manifestBytes).toString(),
  config: Buffer.from(artifact.configBytes).toString(),
  content: artifact.content,
};

/** The artifact with parts replaced, and every digest and size above them as it has to be. */
function resealed(parts: Partial<Texts>): StoredArtifact {
  const { manifest, config, content } = { ...original, ...parts };
  const configBytes = Buffer.from(config);
  const text = manifest
    .replace(artifact.manifest.config.digest, digestOf(configBytes))
    .replace(`"size":${artifact.configBytes.length}}`, `"size":${configBytes.length}}`)
    .replace(artifact.manifest.layers[0].digest, digestOf(content))
    .replace(`"size":${artifact.content.length}}`, `"size":${content.length}}`);
  const bytes = Buffer.from(text);
  return { digest: digestOf(bytes), manifest: bytes, config: configBytes, content };
}

const unpack = (parts: Partial<Texts> = {}) =>
  unpackArtifact("registry/sample:1.0.0", resealed(parts), sha256);

test("an artifact gives back the files and what they say", () => {
  const unpacked = unpack();
  assert.equal(unpacked.digest, artifact.digest);
  assert.deepEqual(
    unpacked.files.map(({ path }) => path),
    ["package.yaml", "values.yaml"],
  );
  assert.equal(unpacked.package.name, "sample");
});

const list = (edit: (text: string) => string) => {
  const [own, ...rest] = [
    file(
      "files.json",
      Buffer.from(original.content.subarray(512, 2048)).toString().split("\0")[0] ?? "",
    ),
    ...files,
  ];
  return writeTar([file("files.json", edit(Buffer.from(own?.content ?? []).toString())), ...rest]);
};

for (const [what, parts, code, message] of [
  [
    "a file that is not in the list",
    { content: list((text) => text.replace(/,\s*\{[^{}]*values[^{}]*\}/, "")) },
    "package-changed",
    /values\.yaml is not listed/,
  ],
  [
    "a file that only the list has",
    { content: list((text) => text.replace("values.yaml", "other.yaml")) },
    "package-changed",
    /other\.yaml is missing/,
  ],
  [
    "a list that is none",
    { content: list(() => "[]") },
    "bad-archive",
    /files\.json is not a list of files/,
  ],
  [
    "an archive without a list",
    { content: writeTar(files) },
    "bad-archive",
    /does not start with files\.json/,
  ],
  [
    "a config of another version",
    { config: original.config.replace('"version":"1.0.0"', '"version":"9.9.9"') },
    "package-changed",
    /config of sample 9\.9\.9/,
  ],
  [
    "an image by tag",
    { config: original.config.replace("{", '{"image":"x:latest",') },
    "no-package-artifact",
    /"image" must be/,
  ],
  [
    "an artifact of another kind",
    { manifest: original.manifest.replace("slipway.package.v1", "cncf.helm") },
    "no-package-artifact",
    /artifactType/,
  ],
  [
    "a manifest that is none",
    { manifest: "<html>" },
    "no-package-artifact",
    /is not a package of Slipway/,
  ],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(() => unpack(parts), { code, message });
  });
}

test("2000 artifacts with mutated metadata are read or refused in words, never anything else", () => {
  const next = randomNumbers(7);
  const pieces = [
    "{",
    "}",
    "[",
    "null",
    '"',
    "1e999",
    "__proto__",
    "[".repeat(50_000),
    "\\ud800",
    ":",
  ];
  const mutate = (text: string) => {
    const start = next(text.length);
    const piece =
      next(3) === 0
        ? text.slice(next(text.length), next(text.length))
        : pieces[next(pieces.length)];
    return `${text.slice(0, start)}${piece}${text.slice(start + next(20))}`;
  };
  let refused = 0;
  for (let round = 0; round < 2000; round++) {
    const part = (["manifest", "config", "content"] as const)[next(3)] ?? "config";
    const parts =
      part === "content" ? { content: list(mutate) } : { [part]: mutate(original[part]) };
    try {
      unpack(parts);
    } catch (error) {
      assert.ok(error instanceof UserError, `round ${round}: ${(error as Error).stack}`);
      refused++;
    }
  }
  assert.ok(refused > 1000, `${refused} were refused`);
});
