import { progressDeadlineSeconds, terminationGraceSeconds } from "../manifests/timing.ts";
import type { Environment } from "../stack/environment.ts";
import { pipelineFile } from "../stack/pipeline.ts";
import type { Agent } from "../stack/plan.ts";
import { type Path, readDocument, type SourceDocument } from "../text/document.ts";
import { lookUp } from "./keys.ts";

/** A value that follows from others. */
export interface Derivation {
  readonly value: unknown;
  /** How it follows, in words. */
  readonly rule: string;
  readonly from: readonly Origin[];
}

/** A value in a file, which another one follows from. */
export interface Origin {
  readonly key: string;
  readonly value: unknown;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What holds for the keys that follow from package and pipeline unless a layer sets them. */
export function derivations(
  { name, folder, package: pkg }: Agent,
  { name: stack, customMetrics }: Environment,
  texts: Readonly<Record<string, string>>,
): ReadonlyMap<string, Derivation> {
  const file = `${folder}/package.yaml`;
  const declared = readDocument(file, texts[file] ?? "");
  const promise = (...path: Path) => originOf(declared, path);
  const timed = { package: pkg, values: { overrides: {} } };
  return new Map<string, Derivation>([
    [
      "overrides.terminationGraceSeconds",
      {
        value: terminationGraceSeconds(timed),
        rule: "the drain, then the longest task, then time for the process to end",
        from: [promise("agent", "drain", "seconds"), promise("agent", "longestTaskSeconds")].flat(),
      },
    ],
    [
      "overrides.progressDeadlineSeconds",
      {
        value: progressDeadlineSeconds(timed),
        rule: "the startup budget, after time to place the pod and pull its image",
        from: promise("agent", "startupBudgetSeconds"),
      },
    ],
    [
      "overrides.startupPeriodSeconds",
      { value: 1, rule: "every second, so that a pod joins as soon as it can", from: [] },
    ],
    ["overrides.maxUnavailable", { value: 1, rule: "pods are evicted one by one", from: [] }],
    [
      "autoscaling.signal",
      {
        value: customMetrics ? "concurrency" : "cpu",
        rule: "concurrency where the environment has custom metrics, else cpu",
        from: environmentOrigin(stack, texts),
      },
    ],
    ["labels.partOf", { value: name, rule: "the package's name", from: promise("name") }],
  ]);
}

function environmentOrigin(
  stack: string,
  texts: Readonly<Record<string, string>>,
): readonly Origin[] {
  const pipeline = readDocument(pipelineFile, texts[pipelineFile] ?? "");
  const environments = lookUp(pipeline.value, ["environments"]) as readonly { name: string }[];
  const index = environments.findIndex(({ name }) => name === stack);
  return originOf(pipeline, ["environments", index, "customMetrics"]);
}

function originOf(document: SourceDocument, path: Path): readonly Origin[] {
  if (!document.has(path)) return [];
  const value = path.reduce<unknown>(
    (inner, key) => (inner as Readonly<Record<string | number, unknown>>)[key],
    document.value,
  );
  const { message: _, ...place } = document.problemAt(path, "");
  const key = path.filter((step) => typeof step === "string" && step !== "environments").join(".");
  return [{ key, value, ...place }];
}
