// Runs a script of this folder after installing the npm dependencies, when they are missing or not
// those of the lock file. Plain JavaScript without imports: nothing is installed yet.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [script, ...args] = process.argv.slice(2);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `error: Node ${process.version} is too old for Slipway\nnext:  Install Node 20.19 or later: https://nodejs.org\n`,
  );
  process.exit(2);
}
if (!isInstalled()) {
  process.stderr.write("installing the npm dependencies\n");
  const { status } = spawnSync("npm", ["ci", "--loglevel=error"], { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    process.stderr.write("error: npm ci failed\nnext:  npm ci\n");
    process.exit(2);
  }
}
const { status, signal } = spawnSync(
  process.execPath,
  [join(root, "scripts", `${script}.mjs`), ...args],
  { stdio: "inherit" },
);
if (signal) process.kill(process.pid, signal);
process.exitCode = status ?? 1;

/** npm writes what it installed beside the packages, in the form of the lock file. */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
    const installed = JSON.parse(
      readFileSync(join(root, "node_modules", ".package-lock.json"), "utf8"),
    ).packages;
    return Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === "" || optional || installed[path]?.version === version,
    );
  } catch {
    return false;
  }
}
