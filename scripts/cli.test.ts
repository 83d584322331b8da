import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { root } from "../infra/adapters/paths.ts";

// No test here may find the cluster of this machine: the commands see another home, and no tools.
const home = await mkdtemp(join(tmpdir(), "slipway-test-"));
after(() => rm(home, { recursive: true }));

async function slipway(...args: string[]) {
  const child = spawn(process.execPath, [join(root, "scripts", "slipway.mjs"), ...args], {
    cwd: home,
    env: { HOME: home, PATH: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code, stdout, stderr };
}

// Before all others, so that they do not compile the same sources at the same time.
const help = await slipway("--help");

const commands = [...help.stdout.matchAll(/^ {2}slipway (\S+)/gm)].map(([, name = ""]) => name);

test("the help names every command, what it is for and the exit codes", async () => {
  const golden = join(root, "scripts", "golden", "help.txt");
  // UPDATE_GOLDEN=1 writes the file anew; its diff is then part of the review.
  if (process.env.UPDATE_GOLDEN) {
    await mkdir(join(golden, ".."), { recursive: true });
    await writeFile(golden, help.stdout);
  }
  assert.deepEqual([help.code, help.stderr], [0, ""]);
  for (const name of [
    "doctor",
    "quickstart",
    "cluster",
    "build",
    "preview",
    "deploy",
    "status",
    "destroy",
  ]) {
    assert.ok(commands.includes(name), `${name} is not in the help`);
  }
  assert.match(help.stdout, /0 done, 1 bug, 2 you can fix it, 3 refused, 130 interrupted/);
  assert.equal(help.stdout, await readFile(golden, "utf8"));
});

for (const name of commands) {
  test(`the help of ${name} shows an example that can be typed`, async () => {
    const { code, stdout } = await slipway(name, "--help");
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`Examples:\\n\\s+slipway ${name}\\b`));
    assert.match(stdout, /--json/);
  });
}

test("the version is that of the package", async () => {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  assert.deepEqual(await slipway("--version"), { code: 0, stdout: `${version}\n`, stderr: "" });
});

for (const [args, message, next] of [
  [[], "Which command?", "npx slipway --help"],
  [["deploi", "dev"], 'there is no command "deploi"; did you mean "deploy"?', "npx slipway --help"],
  [["frobnicate"], 'there is no command "frobnicate"', "npx slipway --help"],
  [
    ["deploy", "dev", "--jsno"],
    'there is no option --jsno; did you mean "--json"?',
    "npx slipway deploy --help",
  ],
  [
    ["status", "dev", "--frob-nicate=3"],
    "there is no option --frob-nicate",
    "npx slipway status --help",
  ],
  [["deploy"], "deploy needs <environment>", "npx slipway deploy --help"],
  [["deploy", "dev", "staging"], 'deploy takes no "staging"', "npx slipway deploy --help"],
  [
    ["cluster", "upp"],
    'action cannot be "upp", only up, status, down; did you mean "up"?',
    "npx slipway cluster --help",
  ],
  [["cluster", "status", "--driver"], "--driver needs a value", "npx slipway cluster --help"],
] as const) {
  test(`"slipway ${args.join(" ")}" is refused with what was meant and what to type next`, async () => {
    const { code, stdout, stderr } = await slipway(...args);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.equal(stderr, `error: ${message}\nnext:  ${next}\n`);
  });
}

test("with --json an error is one JSON object on standard output, and nothing else", async () => {
  for (const args of [["deploy"], ["deploy", "dev", "--jsno"], ["status", "no-such-environment"]]) {
    const { code, stdout, stderr } = await slipway(...args, "--json");
    assert.equal(code, 2);
    const { error } = JSON.parse(stdout);
    assert.deepEqual(Object.keys(error), ["code", "message", "hint"]);
    assert.match(error.code, /^[a-z]+(-[a-z]+)*$/);
    assert.equal(stderr, `error: ${error.message}\nnext:  ${error.hint}\n`);
  }
});

test("a bug ends with 1, says on which version, and is JSON too", async () => {
  const state = join(home, ".local", "state", "slipway");
  await mkdir(state, { recursive: true });
  await writeFile(join(state, "cluster.json"), "not JSON");
  const { code, stdout, stderr } = await slipway("doctor", "--json");
  await rm(state, { recursive: true });
  assert.equal(code, 1);
  assert.equal(JSON.parse(stdout).error.code, "bug");
  assert.match(stderr, /^bug in slipway \d+\.\d+\.\d+ on Node v\d+/);
});

test("doctor names what is missing and the command that fixes it", async () => {
  const { stdout } = await slipway("doctor", "--json");
  const { findings } = JSON.parse(stdout);
  const find = (name: string) => findings.find((one: { name: string }) => one.name === name);
  assert.deepEqual(find("cluster"), {
    name: "cluster",
    state: "missing",
    detail: "there is no local cluster yet",
    fix: "npx slipway cluster up",
  });
  assert.match(find("go").fix, /^Install Go/);
  assert.equal(find("pulumi").state, "missing");
  for (const name of ["memory", "disk"]) assert.match(find(name).detail, /GiB/);
});
