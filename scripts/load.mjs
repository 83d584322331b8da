// Imports a TypeScript entry point compiled, on every Node that Slipway supports.
//
// The whole source tree is compiled by esbuild once and kept under node_modules/.cache, in a folder
// named after the size and the modification time of every source file: a change to any of them
// makes a new copy, so nothing that runs is ever stale. An unchanged tree costs a stat per file.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, "node_modules", ".cache", "slipway");
const entryPoints = ["scripts/cli.ts", "infra/build/index.ts", "infra/deploy/index.ts"];

/** Imports the entry point `entry`, a path from the root such as "scripts/cli.ts". */
export async function load(entry) {
  const folder = join(cache, fingerprint(["infra", "scripts"]));
  if (!existsSync(folder)) await compile(folder);
  return import(pathToFileURL(join(folder, entry.replace(/\.ts$/, ".js"))).href);
}

function fingerprint(folders) {
  const hash = createHash("sha256").update(root);
  for (const folder of folders) addFolder(hash, folder);
  return hash.digest("hex").slice(0, 16);
}

function addFolder(hash, folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) addFolder(hash, path);
    else if (/\.(ts|json)$/.test(entry.name)) {
      const { size, mtimeMs } = statSync(join(root, path));
      hash.update(`${path} ${size} ${mtimeMs}\n`);
    }
  }
}

async function compile(folder) {
  const { build } = await import("esbuild");
  const temporary = `${folder}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir: temporary,
    outbase: ".",
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    define: {
      SLIPWAY_ROOT: JSON.stringify(root.replace(/\/$/, "")),
      SLIPWAY_BUILD: JSON.stringify(basename(folder)),
    },
    sourcemap: "linked",
    logLevel: "error",
  });
  try {
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // Otherwise another process placed the same copy first.
  }
  for (const name of readdirSync(cache)) {
    const old = join(cache, name);
    const found = statSync(old, { throwIfNoEntry: false }); // Another process may tidy up too.
    const unused = found && Date.now() - found.mtimeMs > 24 * 3600 * 1000;
    if (old !== folder && unused) rmSync(old, { recursive: true, force: true });
  }
}
