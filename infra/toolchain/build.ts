import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { cacheFolder } from "../adapters/paths.ts";
import { plainEnvironment, run } from "../adapters/process.ts";
import { UserError } from "../domain/errors.ts";
import { manifest, type ToolName } from "./manifest.ts";
import { modulesFolder } from "./store.ts";

/**
 * Builds tools of one module from source, with the committed go.sum as the proof of what is built.
 * Go's own build cache makes a build that was killed go on where it stopped. The caller holds the
 * module's lock: what a killed build left behind is removed.
 *
 * @returns each program's path, inside `folder`, which the caller removes.
 * @throws {UserError} `go-missing` without a Go toolchain.
 */
export async function buildTools(names: readonly ToolName[]) {
  await requireGo(names);
  const { module, variables = [], generate } = tool(names);
  const folder = await makeFolder(module);
  try {
    const source = join(folder, "source");
    await cp(join(modulesFolder, module), source, { recursive: true });
    const options = { cwd: source, env: goEnvironment() };
    if (generate) await run("go", ["generate", "."], options);
    const flags = ["-s", "-w", ...variables.flatMap((variable) => ["-X", variable])].join(" ");
    const output = join(folder, "out");
    await mkdir(output);
    const packages = names.map((name) => manifest[name].package);
    await run(
      "go",
      ["build", "-trimpath", "-ldflags", flags, "-o", `${output}/`, ...packages],
      options,
    );
    const programs = new Map(names.map((name) => [name, join(output, programName(name, module))]));
    return { folder, programs };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A new folder every time: the compiler of a build that was killed may still write into the old one. */
async function makeFolder(module: string): Promise<string> {
  const parent = join(cacheFolder, "build", module);
  await rm(parent, { recursive: true, force: true, maxRetries: 3 });
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, "run-"));
}

/** The version of Go on PATH, such as "1.26.8", or undefined without one. */
export async function goVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await run("go", ["env", "GOVERSION"], { env: goEnvironment() });
    return stdout.trim().replace(/^go/, "");
  } catch {
    return undefined;
  }
}

async function requireGo(names: readonly ToolName[]): Promise<void> {
  if (await goVersion()) return;
  throw new UserError(
    "go-missing",
    `${names.join(", ")} cannot be downloaded here, and there is no Go to build from source`,
    "Install Go 1.26 or later (https://go.dev/doc/install), then run: npx slipway doctor",
  );
}

function tool(names: readonly ToolName[]) {
  const [first] = names;
  if (!first) throw new RangeError("no tool to build");
  return manifest[first];
}

/** `go build` names a program after its package's folder, a main package at the root after its module. */
function programName(name: ToolName, module: string): string {
  const last = basename(manifest[name].package);
  if (last === ".") return module;
  return /^v\d+$/.test(last) ? basename(join(manifest[name].package, "..")) : last;
}

function goEnvironment(): NodeJS.ProcessEnv {
  const settings = Object.entries(process.env).filter(([key]) => /^GO[A-Z]+$/.test(key));
  return plainEnvironment({ ...Object.fromEntries(settings), CGO_ENABLED: "0", GOWORK: "off" });
}
