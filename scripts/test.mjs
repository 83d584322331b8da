// Runs the test suites named as arguments, in this order, and fails when any of them fails.
//
//   check  format, lint and types, of the workflows too
//   unit   everything that needs no cluster
//   agent  the own suite of every package's app, in a Python environment made for its pins
//   e2e    everything on a real cluster: the embedded one, unless another one is up already
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const suites = { check, unit, agent, e2e };

const failed = process.argv.slice(2).filter((name) => {
  process.stdout.write(`\n== ${name}\n`);
  return !suites[name]();
});
process.stdout.write(
  failed.length === 0 ? "\nall suites passed\n" : `\nfailed: ${failed.join(", ")}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function check() {
  const found = [
    run("npx", ["--no", "--", "biome", "ci", "--error-on-warnings"]),
    run("npx", ["--no", "--", "tsc", "--noEmit"]),
    lintWorkflows(),
  ];
  return found.every(Boolean);
}

function lintWorkflows() {
  const python = makePythonEnvironment([join(root, ".github", "requirements.txt")]);
  const flags = ["--offline", "--persona=pedantic", "--no-progress", "--quiet"];
  const audited = python !== undefined && run(join(python, "..", "zizmor"), [...flags, ".github"]);
  const find = ["--import", "tsx", join(root, "scripts", "tool.ts"), "actionlint"];
  const stdio = ["ignore", "pipe", "inherit"];
  const { status, stdout } = spawnSync(process.execPath, find, { cwd: root, stdio });
  return status === 0 && run(stdout.toString(), []) && audited;
}

function unit() {
  const files = testFiles().filter((file) => !file.endsWith(".e2e.test.ts"));
  // Each file is a process of its own and waits often: as many at once as there are processors.
  const together = `--test-concurrency=${availableParallelism()}`;
  return run(process.execPath, ["--import", "tsx", "--test", together, ...files]);
}

function agent() {
  const packages = join(root, "infra", "packages");
  const apps = readdirSync(packages).map((name) => join(packages, name, "app"));
  const tested = apps.filter((app) => existsSync(join(app, "tests")));
  return tested.filter((app) => !testApp(app)).length === 0;
}

/** An app that pins packages is tested by pytest, one that needs none by Python alone. */
function testApp(app) {
  process.stdout.write(`-- ${relative(root, app)}\n`);
  if (!existsSync(join(app, "requirements-dev.txt"))) {
    return run("python3", ["-m", "unittest", "discover", "-s", "tests", "-t", "."], { cwd: app });
  }
  const pins = ["requirements.txt", "requirements-dev.txt"].map((name) => join(app, name));
  const python = makePythonEnvironment(pins);
  return python !== undefined && run(python, ["-m", "pytest", "--quiet"], { cwd: app });
}

function e2e() {
  const files = testFiles().filter((file) => file.endsWith(".e2e.test.ts"));
  // The one that takes the cluster down and up again would pull it from under the others.
  const last = files.filter((file) => file.includes("lifecycle"));
  const others = files.filter((file) => !last.includes(file));
  const found = slipway(["cluster", "status"], { stdio: "ignore" });
  if (!found && !slipway(["cluster", "up", "--yes"])) return false;
  const passed = runOneByOne(others);
  const lasted = runOneByOne(last);
  return (found || slipway(["cluster", "down"])) && passed && lasted;
}

/** They share one cluster, so one file runs at a time. */
function runOneByOne(files) {
  const flags = ["--import", "tsx", "--test", "--test-concurrency=1", "--test-timeout=600000"];
  return files.length === 0 || run(process.execPath, [...flags, ...files]);
}

function slipway(args, options) {
  return run(process.execPath, [join(root, "scripts", "slipway.mjs"), ...args], options);
}

function testFiles() {
  return ["infra", "scripts"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => file.endsWith(".test.ts"))
    .sort();
}

/** The Python of a virtual environment with pinned packages, made once for each set of pins. */
function makePythonEnvironment(pins) {
  const hash = createHash("sha256");
  for (const pin of pins) hash.update(readFileSync(pin));
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "slipway", "venv", hash.digest("hex").slice(0, 12));
  const python = join(folder, "bin", "python");
  const marker = join(folder, "complete");
  if (existsSync(marker)) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, ".."), { recursive: true });
  if (!makeVenv(folder)) return undefined;
  const requirements = pins.flatMap((pin) => ["-r", pin]);
  const flags = ["--quiet", "--disable-pip-version-check", "--require-hashes"];
  if (!run(python, ["-m", "pip", "install", ...flags, ...requirements])) return undefined;
  writeFileSync(marker, "");
  return python;
}

function makeVenv(folder) {
  if (run("python3", ["-m", "venv", folder], { stdio: "ignore" })) return true;
  rmSync(folder, { recursive: true, force: true });
  // Debian packs venv apart from Python.
  process.stdout.write("installing the Debian packages python3-venv and python3-pip\n");
  const apt = [
    "install",
    "--yes",
    "--quiet",
    "--no-install-recommends",
    "python3-venv",
    "python3-pip",
  ];
  run("apt-get", ["update", "--quiet"], { stdio: "ignore" });
  return run("apt-get", apt, { stdio: "ignore" }) && run("python3", ["-m", "venv", folder]);
}

function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: "inherit", ...options }).status === 0;
}
