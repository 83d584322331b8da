import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { type TestContext, test } from "node:test";
import { UserError } from "./errors.ts";
import { completeStack } from "./manifests/complete.ts";
import { manifests } from "./manifests/manifests.ts";
import { renderRelease } from "./release/release.ts";
import { planStack } from "./stack/plan.ts";
import { mutated, pick, randomNumbers } from "./test/mutations.ts";
import { namedRelease } from "./test/sample-release.ts";
import { hashes, sampleTexts } from "./test/sample-stack.ts";

/** FUZZ_SEED repeats a run, FUZZ_ROUNDS makes it longer. */
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const rounds = Number(process.env.FUZZ_ROUNDS ?? 150);

type Texts = Readonly<Record<string, string>>;

/** The files that decide what dev runs, when it runs one agent. */
function textsOf(agent: string): Texts {
  const texts = sampleTexts({
    [`stacks/dev/${agent}/release.json`]: renderRelease(namedRelease(agent)),
  });
  const others = /^stacks\/(staging|prod)\/|\/([^/]+)\/[^/]+\.(yaml|json)$/;
  const own = Object.entries(texts).filter(([path]) =>
    [undefined, "dev", agent].includes(others.exec(path)?.[2]),
  );
  return Object.fromEntries(own);
}

const worlds = ["fastapi-agent", "queue-worker"].map(textsOf);

/** Does with a stack's files what every command does. Throws what is a bug. */
function refusal(texts: Texts): UserError | undefined {
  try {
    const stack = planStack({ environment: "dev", texts });
    manifests(completeStack(stack, {}), hashes);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** What holds for every refusal: a stable code, a file for each problem, a text that can be read. */
function checkRefusal({ code, message }: UserError): void {
  assert.match(code, /^[a-z]+(-[a-z]+)*$/);
  assert.ok(message.length < 60_000, `a message of ${message.length} characters`);
  assert.doesNotMatch(message, /undefined|\[object |\n +at |(?![\n\t])\p{Cc}/u);
  if (code === "invalid-input") assert.match(message, /found\n {2}(infra|stacks)\/[^:]+:/);
}

/** Feeds random files to a stack. A failure says how to see it again. */
function fuzz(t: TestContext, change: (texts: Texts, random: () => number) => Texts): void {
  t.diagnostic(`FUZZ_SEED=${seed}`);
  const random = randomNumbers(seed);
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const texts = pick(worlds, random) ?? {};
    const changes = change(texts, random);
    try {
      const error = refusal({ ...texts, ...changes });
      if (error !== undefined) checkRefusal(error);
      if (error !== undefined) refused++;
    } catch (cause) {
      const input = JSON.stringify(changes).slice(0, 5000);
      throw new Error(`FUZZ_SEED=${seed}, round ${round}: ${input}`, { cause });
    }
  }
  t.diagnostic(`${refused} of ${rounds} refused`);
}

test("unchanged, the files are planned", () => {
  for (const texts of worlds) assert.equal(refusal(texts), undefined);
});

test("whatever one of its files holds, a stack is planned or refused", (t) => {
  const prototype = Reflect.ownKeys(Object.prototype);
  fuzz(t, (texts, random) => {
    const file = pick(Object.keys(texts), random) ?? "";
    return { [file]: mutated(texts[file] ?? "", random) };
  });
  assert.deepEqual(Reflect.ownKeys(Object.prototype), prototype);
});

test("so it is when several of its files are wrong in several places", (t) => {
  fuzz(t, (texts, random) => {
    const some = Object.entries(texts).filter(() => random() < 0.4);
    return Object.fromEntries(
      some.map(([file, text]) => [file, mutated(mutated(text, random), random)]),
    );
  });
});
