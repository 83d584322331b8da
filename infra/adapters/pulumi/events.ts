/** What the engine says while it works, as far as Slipway reads it: one JSON object a line. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly message: string;
    readonly severity: "debug" | "info" | "info#err" | "warning" | "error";
  };
  readonly summaryEvent?: { readonly resourceChanges: Readonly<Record<string, number>> };
}

/** One step of an update, about one resource. */
export interface StepMetadata {
  /** What happens to it: "same", "create", "update", "delete", "replace" and more. */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly detailedDiff?: Readonly<Record<string, { readonly diffKind: string }>> | null;
  readonly new?: { readonly outputs?: Record<string, unknown> } | null;
}

/** A resource that an update changes, or would change. */
export interface Change {
  readonly operation: string;
  /** Kubernetes kind, such as "Deployment", or the last part of another type. */
  readonly kind: string;
  readonly name: string;
  /** Paths of the properties that differ, for an update. */
  readonly paths: readonly string[];
}

/** The line as an event, or undefined when it is none. */
export function parseEvent(line: string): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The change that a step stands for, or undefined for one that changes nothing in the world. */
export function changeOf({ op, urn, type, detailedDiff }: StepMetadata): Change | undefined {
  // A replacement is told by its create and delete steps; components and providers are only grouping.
  const silent = op === "same" || op === "replace" || op === "read" || op === "refresh";
  if (silent || /^(pulumi|slipway):/.test(type)) return undefined;
  return {
    operation: op,
    kind: type.split(":").at(-1) ?? type,
    name: urn.split("::").at(-1) ?? urn,
    paths: Object.keys(detailedDiff ?? {}),
  };
}
