import { type Aim, type CaseName, cases, type Scoreboard } from "./cases.ts";
import { ratio, type Summary, summarize } from "./statistics.ts";

/** What one entrant came to in one case. */
export interface Row {
  readonly entrant: string;
  readonly seconds?: Summary;
  /** Peak of the process tree, in megabytes. */
  readonly megabytes?: Summary;
  /** Median to median. */
  readonly ratios: { readonly helm?: number; readonly pulumi?: number };
  readonly failures: readonly string[];
}

/** What one case came to. */
export interface CaseResult {
  readonly name: CaseName;
  readonly title: string;
  readonly note?: string;
  readonly rows: readonly Row[];
  readonly aims: readonly (Aim & { readonly measured?: number; readonly met: boolean })[];
}

/** Summarises all samples, fastest entrant first. */
export function judge(board: Scoreboard): readonly CaseResult[] {
  return Object.entries(cases).map(([key, { title, aims, ...rest }]) => {
    const name = key as CaseName;
    const rows = rowsOf(name, board);
    const judged = aims.map((aim) => {
      const measured = rows.find(({ entrant }) => entrant === aim.entrant)?.ratios[aim.than];
      return {
        ...aim,
        ...(measured !== undefined && { measured }),
        met: measured !== undefined && measured <= aim.most,
      };
    });
    return { name, title, ...rest, rows, aims: judged };
  });
}

function rowsOf(name: CaseName, board: Scoreboard): readonly Row[] {
  const entrants = board.of(name);
  const seconds = (entrant: string) => summarize(entrants.get(entrant)?.seconds ?? []);
  return [...entrants]
    .map(([entrant, results]): Row => {
      const time = seconds(entrant);
      const memory = summarize(results.megabytes);
      const helm = ratio(time, seconds("helm"));
      const pulumi = ratio(time, seconds("pulumi"));
      return {
        entrant,
        ...(time && { seconds: time }),
        ...(memory && { megabytes: memory }),
        ratios: { ...(helm !== undefined && { helm }), ...(pulumi !== undefined && { pulumi }) },
        failures: results.failures,
      };
    })
    .sort((a, b) => (a.seconds?.median ?? Infinity) - (b.seconds?.median ?? Infinity));
}

/** The results of all cases as text. */
export function renderCases(results: readonly CaseResult[]): string {
  return results.map(renderCase).join("\n\n");
}

function renderCase({ title, note, rows, aims }: CaseResult): string {
  const memory = rows.some(({ megabytes }) => megabytes);
  const header = ["", "n", "min s", "median s", "max s", "to helm", "to pulumi"];
  const lines = rows.map(({ entrant, seconds, megabytes, ratios }) => [
    entrant,
    String(seconds?.count ?? 0),
    ...[seconds?.min, seconds?.median, seconds?.max, ratios.helm, ratios.pulumi].map(twoDigits),
    ...(memory ? [megabytes ? megabytes.median.toFixed(0) : "-"] : []),
  ]);
  return [
    title,
    ...renderTable([[...header, ...(memory ? ["peak MB"] : [])], ...lines]),
    ...rows.flatMap(renderFailures),
    ...aims.map(renderAim),
    ...(note ? [`  ${note}`] : []),
  ].join("\n");
}

function renderFailures({ entrant, failures }: Row): string[] {
  if (failures.length === 0) return [];
  const count = failures.length === 1 ? "1 failure" : `${failures.length} failures`;
  return [`  ${entrant}: ${count}, such as: ${failures[0]}`];
}

function renderAim({ entrant, than, most, measured, met }: CaseResult["aims"][number]): string {
  const found = measured === undefined ? "not measured" : `${twoDigits(measured)} x`;
  return `  aim: ${entrant} at most ${most} x ${than}: ${found}, ${met ? "met" : "missed"}`;
}

/** Lines of columns as wide as their widest cell, the first to the left, the others to the right. */
export function renderTable(cells: readonly (readonly string[])[]): string[] {
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => width(row[column]))));
  return cells.map((row) => {
    const padded = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths?.[0] ?? 0) : cell.padStart(widths?.[column] ?? 0),
    );
    return `  ${padded.join("  ")}`;
  });
}

function width(cell: string | undefined): number {
  return cell?.length ?? 0;
}

/** A number as it stands in a table; a dash when there is none. */
export function twoDigits(value: number | undefined): string {
  return value === undefined ? "-" : value.toFixed(2);
}
