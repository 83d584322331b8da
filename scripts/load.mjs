// Loads a TypeScript entry point compiled, on every Node that Slipway supports.
//
// Each entry point is compiled by esbuild into one file and kept under node_modules/.cache, in a
// folder named after the size and the modification time of every source file: a change to any of
// them makes a new copy, so nothing that runs is ever stale. An unchanged tree costs a stat per file.
// One file, with the machine code of its last run beside it, starts in half the time of modules.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Script } from "node:vm";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, "node_modules", ".cache", "slipway");
const entryPoints = ["scripts/cli.ts", "infra/build/index.ts", "infra/deploy/index.ts"];

/**
 * Packages that are loaded as they are, because they have files beside them or must be there once
 * for all who use them. All others are compiled in: finding their files would take longer.
 */
const large = ["@pulumi/*", "@grpc/*", "@peculiar/*", "reflect-metadata", "esbuild", "pulumi"];

/** Loads the entry point `entry`, a path from the root such as "scripts/cli.ts". */
export async function load(entry) {
  const folder = join(cache, fingerprint());
  if (!existsSync(folder)) await compile(folder);
  return run(join(folder, entry.replace(/\.ts$/, ".js")));
}

function run(file) {
  const code = `${file}.code`;
  const cachedData = existsSync(code) ? readFileSync(code) : undefined;
  const script = new Script(`(function(exports,require,module){${readFileSync(file, "utf8")}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  if (!cachedData || script.cachedDataRejected) {
    // At the end V8 knows the functions that were needed, and keeps them too.
    process.once("exit", () => {
      const temporary = `${code}.${process.pid}`;
      writeFileSync(temporary, script.createCachedData());
      place(temporary, code);
    });
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module);
  return module.exports;
}

function fingerprint() {
  const hash = createHash("sha256").update(root);
  for (const folder of ["infra", "scripts"]) addFolder(hash, folder);
  addFile(hash, "node_modules/.package-lock.json");
  return hash.digest("hex").slice(0, 16);
}

function addFolder(hash, folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!noSource.test(path)) addFolder(hash, path);
    } else if (/(?<!\.test)\.(ts|mjs|json)$/.test(entry.name)) addFile(hash, path);
  }
}

/** Folders of nothing that is compiled. */
const noSource = /^infra\/(packages|toolchain\/modules)$|\/(golden|test|testing)$/;

function addFile(hash, path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  hash.update(`${path} ${found?.size} ${found?.mtimeMs}\n`);
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
    external: large,
    alias: {
      // Only the help asks for it, and its tables of Unicode take longer than all the rest.
      "string-width": "./scripts/string-width.ts",
      // The same source as modules, of which only what is used is compiled in.
      yaml: "./node_modules/yaml/browser/dist/index.js",
    },
    platform: "node",
    format: "cjs",
    target: "node20",
    // A script whose machine code was kept cannot import modules later, only require them.
    supported: { "dynamic-import": false },
    minifySyntax: true,
    minifyWhitespace: true,
    define: {
      SLIPWAY_ROOT: JSON.stringify(root.replace(/\/$/, "")),
      SLIPWAY_BUILD: JSON.stringify(basename(folder)),
      "import.meta.url": JSON.stringify(pathToFileURL(join(folder, "compiled.js")).href),
      "import.meta.dirname": "undefined",
    },
    sourcemap: "linked",
    logLevel: "error",
  });
  place(temporary, folder);
  for (const name of readdirSync(cache)) {
    const old = join(cache, name);
    const found = statSync(old, { throwIfNoEntry: false }); // Another process may tidy up too.
    const unused = found && Date.now() - found.mtimeMs > 24 * 3600 * 1000;
    if (old !== folder && unused) rmSync(old, { recursive: true, force: true });
  }
}

/** Gives a finished file or folder its name. Another process may have placed the same one first. */
function place(temporary, path) {
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  }
}
