import { randomBytes } from "node:crypto";
import { cp, mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root } from "../../infra/adapters/paths.ts";
import { plainEnvironment } from "../../infra/adapters/process.ts";
import { pulumiHome } from "../../infra/adapters/pulumi/home.ts";
import type { Step } from "./sample.ts";
import { environment, type Texts } from "./subject.ts";

/** A copy of the checkout with stacks, state and passphrases of its own. */
export class Checkout {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Copies the checkout as it is, without what belongs to its user: releases, secrets, state. */
  static async make(folder: string): Promise<Checkout> {
    for (const part of ["infra", "scripts", "stacks", "package.json", ".gitignore"]) {
      await cp(join(root, part), join(folder, part), {
        recursive: true,
        preserveTimestamps: true,
        filter: (path) => !own.test(path),
      });
    }
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    return new Checkout(folder);
  }

  /** Copies a copy with its state, so that both encrypt with the same key. */
  async copy(folder: string): Promise<Checkout> {
    await cp(this.folder, folder, { recursive: true, preserveTimestamps: true });
    return new Checkout(folder);
  }

  async write(texts: Texts): Promise<void> {
    for (const [path, text] of Object.entries(texts)) {
      await mkdir(dirname(join(this.folder, path)), { recursive: true });
      await writeFile(join(this.folder, path), text);
    }
  }

  slipway(...args: readonly string[]): Step {
    const program = join(this.folder, "scripts", "slipway.mjs");
    return {
      program: process.execPath,
      args: [program, ...args],
      cwd: this.folder,
      env: plainEnvironment({ PULUMI_HOME: pulumiHome() }),
    };
  }

  /** The Pulumi command line in infra/deploy, as by hand. */
  pulumi(program: string, ...args: readonly string[]): Step {
    return {
      program,
      args: [...args, `--stack=${environment}`, "--non-interactive"],
      cwd: join(this.folder, "infra", "deploy"),
      env: plainEnvironment({
        PULUMI_HOME: pulumiHome(),
        PULUMI_CONFIG_PASSPHRASE_FILE: this.own(`passphrase.${environment}`),
        PULUMI_SKIP_UPDATE_CHECK: "true",
      }),
    };
  }

  /** Makes the next deployment doubt that nothing changed, and so ask the engine. */
  async doubt(): Promise<void> {
    const now = new Date();
    await utimes(this.own(`passphrase.${environment}`), now, now);
  }

  /** Makes the next deployment know nothing of the last one, and so refresh the engine's state. */
  async forget(): Promise<void> {
    await rm(this.own(`deployed/${environment}.json`), { force: true });
  }

  /** Makes the sources of an agent's image differ in one label. The same label gives the same image. */
  async relabel(agent: string): Promise<void> {
    const file = join(this.folder, "infra", "packages", agent, "app", "Dockerfile");
    await writeFile(file, '\nLABEL dev.slipway.bench="2"\n', { flag: "a" });
  }

  private own(path: string): string {
    return join(this.folder, ".slipway", path);
  }
}

/** A name for namespaces and folders that no other run has. */
export function makeId(): string {
  return `bench-${randomBytes(3).toString("hex")}`;
}

const own =
  /__pycache__|\.venv|_cache$|stacks\/(Pulumi\.|\.env\.(?!example)|.*\/(release\.json|releases|evidence\.json))/;
