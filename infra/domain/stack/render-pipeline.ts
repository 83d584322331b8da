import type { Environment, Pipeline } from "./environment.ts";
import type { Gates } from "./gates.ts";

/** A pipeline as lines of text: each environment, and above it what lets a release in. */
export function renderPipeline({ environments }: Pipeline): string {
  const width = Math.max(...environments.map(({ name }) => name.length));
  const steps = environments.map((environment, index) => {
    const { name, gates } = environment;
    const box = `${name.padEnd(width)}  ${whereabouts(environment)}`;
    const before = environments[index - 1];
    const arrow = before
      ? ["  │", ...entry(gates, before).map((gate) => `  │  ${gate}`), "  ▼"]
      : [];
    return [...arrow, box, ...stay(gates).map((rule) => `${" ".repeat(width)}  ${rule}`)];
  });
  return `${steps.flat().join("\n")}\n`;
}

/**
 * A pipeline as a diagram that GitHub shows in Markdown.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function renderPipelineDiagram({ environments }: Pipeline): string {
  const boxes = environments.map((environment) => {
    const lines = [environment.name, whereabouts(environment), ...stay(environment.gates)];
    return `  ${id(environment)}[${label(lines)}]`;
  });
  const arrows = environments.slice(1).map((environment, index) => {
    const before = environments[index] as Environment;
    return `  ${id(before)} -->|${label(entry(environment.gates, before))}| ${id(environment)}`;
  });
  return `${["flowchart LR", ...boxes, ...arrows].join("\n")}\n`;
}

function whereabouts({ namespace, cluster, policy }: Environment): string {
  const where = cluster === "local" ? "the local cluster" : cluster.context;
  return `${namespace} on ${where}, policy ${policy}`;
}

/** What lets a release in. */
function entry(gates: Gates, before: Environment): readonly string[] {
  const { verification, soakMinutes, maximumAgeDays, approvals } = gates;
  return [
    verification === "required" ? `verified in ${before.name}` : "not verified",
    soakMinutes > 0 ? `${duration(soakMinutes)} ago or longer` : "",
    maximumAgeDays === undefined ? "" : `at most ${maximumAgeDays} d ago`,
    approvals.length > 0 ? `approved by ${approvals.join(", ")}` : "",
  ].filter((text) => text !== "");
}

/** What holds while a release is there. */
function stay({ evals, automaticRollback, freezes }: Gates): readonly string[] {
  return [
    ...Object.entries(evals).map(([name, { minimum }]) => `${name} at least ${minimum}`),
    ...(automaticRollback ? [] : ["no automatic rollback"]),
    ...freezes.map(({ from, until, reason }) => `frozen from ${from} until ${until}: ${reason}`),
  ];
}

/** Whole minutes in words, such as `1 d 2 h 5 min`. */
export function duration(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ] as const;
  const texts = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`);
  return texts.join(" ") || "0 min";
}

/** `end` and other words of the language are no ids. */
function id({ name }: Environment): string {
  return `env-${name}`;
}

function label(lines: readonly string[]): string {
  const text = lines.map((line) =>
    line.replaceAll("&", "#amp;").replaceAll('"', "#quot;").replaceAll("<", "#lt;"),
  );
  return `"${text.join("<br/>")}"`;
}
