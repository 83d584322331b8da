import { canonicalJson } from "../canonical.ts";
import { leaves, lookUp } from "../config/keys.ts";

/** A value that a change of release gives an agent. A side that does not have it is absent. */
export interface SettingChange {
  /** Dotted, such as `config.LOG_LEVEL`. */
  readonly key: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Every resolved value in which two releases of an agent differ, in the order of the keys. */
export function settingChanges(before: unknown, after: unknown): readonly SettingChange[] {
  return [...leaves([before, after])].flatMap(([key, path]) => {
    const [old, now] = [lookUp(before, path), lookUp(after, path)];
    if (canonicalJson([old]) === canonicalJson([now])) return [];
    return [
      { key, ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) },
    ];
  });
}
