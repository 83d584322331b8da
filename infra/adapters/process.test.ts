import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { CommandError, lastLines, plainEnvironment, run, start } from "./process.ts";
import { runChild } from "./testing/child.ts";
import { setVariable } from "./testing/environment.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const shell = (script: string, options = {}) => run("sh", ["-c", script], options);

/** What the command that must fail failed with. */
async function failure(command: Promise<unknown>): Promise<CommandError> {
  const error = await command.then(
    () => undefined,
    (reason) => reason,
  );
  assert.ok(error instanceof CommandError, `failed with ${error}`);
  return error;
}

test("what a program prints comes back, and every line as it comes", async () => {
  const lines: string[] = [];
  const result = await shell("echo one; echo two >&2; printf 'three €'", {
    onLine: (line: string) => lines.push(line),
  });
  assert.deepEqual(result, { stdout: "one\nthree €", stderr: "two\n" });
  assert.deepEqual(lines.sort(), ["one", "three €", "two"]);
});

test("an error says the reason first, then the command as it can be pasted, then the last lines", async () => {
  const script = 'i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo "line $i" >&2; done; exit 3';
  const error = await failure(run("sh", ["-c", script, "it's"]));
  const [first, ...rest] = error.message.split("\n");
  assert.equal(first, `ended with code 3: sh -c '${script}' 'it'\\''s'`);
  assert.deepEqual([rest.length, rest[0], rest.at(-1)], [20, "line 11", "line 30"]);
  assert.equal(error.exitCode, 3);
});

test("the command in an error does the same when it is pasted", async () => {
  const args = ["plain", "two words", "it's", "$HOME", "a\nb", "", '"'];
  const print = 'for word; do printf "<%s>" "$word"; done; ';
  const { stdout } = await shell(`${print}`.replace("for word", "set -- x; for word"));
  assert.equal(stdout, "<x>");
  const { command } = await failure(run("sh", ["-c", `${print}exit 1`, "sh", ...args]));
  const pasted = await failure(shell(command));
  assert.equal(pasted.stdout, args.map((word) => `<${word}>`).join(""));
});

test("a program that is not there, or is no program, is said to be so", async (t) => {
  const missing = await failure(run("slipway-no-such-program", ["--version"]));
  assert.equal(missing.message, "not found: slipway-no-such-program --version");
  const folder = await temporaryFolder(t);
  assert.match((await failure(run(folder, []))).message, /^could not be started \(EACCES\): /);
});

test("what goes in through standard input is in no error", async () => {
  const error = await failure(shell("cat > /dev/null; exit 1", { input: "canary-6f1d0c" }));
  assert.ok(!JSON.stringify({ ...error, text: error.message }).includes("canary"));
  assert.equal((await shell("cat", { input: "canary" })).stdout, "canary");
});

test("a program that ends without reading its input is judged by its exit code", async () => {
  await shell("exit 0", { input: "x".repeat(1_000_000) });
  assert.equal((await failure(shell("exit 4", { input: "x".repeat(1_000_000) }))).exitCode, 4);
});

test("a program that takes too long is killed, with nobody waiting for what it started", async () => {
  const error = await failure(shell("sleep 5 & echo started; wait", { timeoutMs: 200 }));
  assert.match(error.message, /^took longer than 200 ms: sh -c/);
  assert.equal(error.exitCode, undefined);
});

test("an abort interrupts a program, which may end in its own way", async () => {
  const interrupt = new AbortController();
  const result = await shell(
    "trap 'echo cleaned; exit 0' INT; echo ready; while :; do sleep 0.01; done",
    {
      signal: interrupt.signal,
      onLine: (line: string) => line === "ready" && interrupt.abort(),
    },
  );
  assert.equal(result.stdout, "ready\ncleaned\n");
});

test("a program that is started after the abort is interrupted at once", async () => {
  const error = await failure(run("sleep", ["60"], { signal: AbortSignal.abort() }));
  assert.match(error.message, /^ended with SIGINT: sleep 60/);
});

test("interrupts reach what is started from a process that ignores them", async (t) => {
  const ignoring = runChild(
    t,
    `
      process.on("SIGINT", () => {});
      const { run } = await load("infra/adapters/process.ts");
      const { stdout } = await run("grep", ["SigIgn", "/proc/self/status"]);
      console.log(stdout.trim());
    `,
  );
  const { stdout } = await ignoring.ended();
  const ignored = Number.parseInt(stdout.split("\t")[1] ?? "", 16);
  assert.equal(ignored & 0b10, 0, stdout);
});

test("a child sees what programs need, and no secret of the parent", async (t) => {
  setVariable(t, "OPENAI_API_KEY", "canary-6f1d0c");
  setVariable(t, "PULUMI_CONFIG_PASSPHRASE", "canary-6f1d0c");
  const { stdout } = await run("env", []);
  assert.ok(stdout.includes(`PATH=${process.env.PATH}`));
  assert.ok(!stdout.includes("canary"));
  const child = start("env", [], {}, ["ignore", "pipe", "inherit"]);
  let printed = "";
  child.stdout?.on("data", (chunk) => {
    printed += chunk;
  });
  await once(child, "close");
  assert.ok(printed.includes("PATH=") && !printed.includes("canary"));
});

test("the plain environment takes additions, and these win", () => {
  const environment = plainEnvironment({ HOME: "/elsewhere", EXTRA: "1" });
  assert.deepEqual([environment.HOME, environment.EXTRA], ["/elsewhere", "1"]);
  assert.equal(plainEnvironment().EXTRA, undefined);
});

test("the working folder is the one that is asked for", async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal((await run("pwd", ["-P"], { cwd: folder })).stdout.trim(), join(folder));
});

test("the last lines of a text do not count the line break at its end", () => {
  assert.equal(lastLines("a\nb\nc\n", 2), "b\nc");
  assert.equal(lastLines("", 2), "");
});
