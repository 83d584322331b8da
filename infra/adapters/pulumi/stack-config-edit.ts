import { stat } from "node:fs/promises";
import { readIfExists, writeAtomically } from "../files.ts";

/** What is to stand in the configuration file of a stack. */
export interface ConfigEdit {
  readonly encryptionsalt?: string;
  /** Values by key. Those that are not named stay. */
  readonly config?: Readonly<Record<string, string | { readonly secure: string }>>;
}

/**
 * Changes the configuration file of a stack, or makes it for its owner only. Comments, order and mode
 * stay, and a reader never sees half of it.
 */
export async function editStackConfig(path: string, edit: ConfigEdit): Promise<void> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument((await readIfExists(path)) ?? "");
  if (edit.encryptionsalt !== undefined) {
    document.setIn(["encryptionsalt"], edit.encryptionsalt);
  }
  if (document.has("config") && !document.get("config")) document.delete("config");
  for (const [key, value] of Object.entries(edit.config ?? {})) {
    document.setIn(["config", key], document.createNode(value));
  }
  const mode = (await stat(path).catch(() => undefined))?.mode ?? 0o600;
  // A sealed value is one long word, which no line break may cut.
  await writeAtomically(path, document.toString({ lineWidth: 0 }), mode & 0o777);
}
