import type { Problem } from "../errors.ts";
import { documentProblems } from "../text/check.ts";
import { readDocument, type SourceDocument } from "../text/document.ts";
import { apiVersion, evalName, seconds } from "../text/rules.ts";
import { closed, type Schema } from "../text/schema.ts";

/** One measure of how well an agent does its work, taken where it runs. */
export interface Eval {
  /** Name under which `gates.evals` of `stacks/pipeline.yaml` asks for a score. */
  readonly name: string;
  /**
   * Run once in a pod of its own that has the agent's image, settings, secrets and locks. The last
   * line that it prints is the score.
   */
  readonly command: readonly string[];
  /** @default 600 */
  readonly timeoutSeconds?: number;
}

/** The evaluations in a package's `tests/evals.yaml`. */
export interface EvalFile {
  readonly evals: readonly Eval[];
  readonly document: SourceDocument;
}

/** Name of the file in a package's `tests` folder. */
export const evalFileName = "evals.yaml";

/** The shape of `tests/evals.yaml`. */
export const evalFileSchema: Schema = closed({
  apiVersion,
  evals: {
    type: "array",
    minItems: 1,
    items: closed(
      {
        name: evalName,
        command: { type: "array", items: { type: "string" }, minItems: 1 },
        timeoutSeconds: seconds(1, 3600),
      },
      ["name", "command"],
    ),
  },
});

/** Reads an `evals.yaml`; what is wrong with it is added to `problems`. */
export function readEvalFile(
  file: string,
  content: string,
  problems: Problem[],
): EvalFile | undefined {
  const document = readDocument(file, content);
  const misshapen = documentProblems(document, evalFileSchema);
  problems.push(...misshapen);
  if (misshapen.length > 0) return undefined;
  const { evals } = document.value as { evals: readonly Eval[] };
  const names = evals.map(({ name }) => name);
  const repeated = names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [document.problemAt(["evals", index, "name"], `"${name}" is there twice`)]
      : [],
  );
  problems.push(...repeated);
  return repeated.length > 0 ? undefined : { evals, document };
}

/** The score that an evaluation's output ends with, or undefined when its last line is no number. */
export function scoreIn(output: string): number | undefined {
  const last = output.trimEnd().split("\n").at(-1)?.trim() ?? "";
  const score = Number(last);
  return last === "" || !Number.isFinite(score) ? undefined : score;
}
