import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleStack, sampleTexts } from "../test/sample-stack.ts";

const folder = "infra/packages/fastapi-agent";
const file = `${folder}/package.yaml`;
const declared = `${sampleTexts()[file]}prompts: texts\nmodel: model.yaml\n`;
const sound = {
  [file]: declared,
  [`${folder}/texts/system.md`]: "Be brief.\n",
  [`${folder}/texts/more/tone.md`]: "Be kind.\n",
  [`${folder}/model.yaml`]: "name: m\n",
};

test("an agent gets the files that its package names, and no others", () => {
  const texts = { ...sound, [`${folder}/notes.md`]: "not for the agent" };
  assert.deepEqual(sampleStack("dev", texts).agents[0]?.behaviour, {
    "model.yaml": "name: m\n",
    "texts/more/tone.md": "Be kind.\n",
    "texts/system.md": "Be brief.\n",
  });
});

const refused: readonly (readonly [what: string, changes: Record<string, string>, said: RegExp])[] =
  [
    [
      "a folder of prompts that is not there",
      { [file]: declared.replace("texts", "prompts") },
      /package\.yaml:\d+:1: "prompts" names the folder .*\/prompts, which is missing or empty/,
    ],
    [
      "a model that is not there",
      { [file]: declared.replace("model.yaml", "models.yaml") },
      /package\.yaml:\d+:1: "model" names .*models\.yaml, which is missing/,
    ],
    ["a binary", { [`${folder}/model.yaml`]: "a\0b" }, /model\.yaml: must be text in UTF-8/],
    [
      "a text that is too long",
      { [`${folder}/model.yaml`]: "x".repeat(100_001) },
      /model\.yaml: longer than 100000 characters/,
    ],
    [
      "more than a ConfigMap holds",
      Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((name) => [`${folder}/texts/${name}.md`, "x".repeat(90_000)]),
      ),
      /540027 bytes together; there is room for 500000/,
    ],
    [
      "a credential",
      { [`${folder}/texts/system.md`]: "Use\nsk-0123456789abcdef0123.\n" },
      /system\.md:2: holds a key of a model API/,
    ],
    [
      "a name that a ConfigMap cannot have",
      { [`${folder}/texts/be kind.md`]: "x" },
      /be kind\.md: a name of a prompt is letters/,
    ],
  ];

for (const [what, changes, said] of refused) {
  test(`${what} among the files of a package is refused with its place`, () => {
    assert.throws(() => sampleStack("dev", { ...sound, ...changes }), {
      code: "invalid-input",
      message: said,
    });
  });
}
