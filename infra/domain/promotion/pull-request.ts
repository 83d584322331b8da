import type { PlannedAgent } from "./promotion.ts";

/** What a pull request says. */
export interface PullRequest {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

/** GitHub takes 65,536 characters; what is cut off is on the branch. */
const longest = 60_000;

/** The pull request whose merge is the promotion. A reviewer sees what changes before what is only named. */
export function promotionRequest({
  from,
  to,
  agents,
}: {
  from: string;
  to: string;
  agents: readonly PlannedAgent[];
}): PullRequest {
  const names = agents.map(({ name, release }) => `${name} ${release.version}`);
  const title = `Release ${names.join(" and ")} to ${to}`;
  const risks = agents.reduce((sum, agent) => sum + agent.risks.length, 0);
  const head = [
    `Merging this releases to **${to}** what **${from}** runs, byte for byte. Nothing is built again.`,
    risks === 0
      ? "No risk was found."
      : `**${risks === 1 ? "1 risk" : `${risks} risks`}** to look at.`,
  ];
  const text = [head.join(" "), ...agents.map(section)].join("\n\n");
  return { title: limit(title, 200), body: limit(text, longest) };
}

function section({ name, release, settings, risks, skipped }: PlannedAgent): string {
  const { version, image, hash, replaces, commit } = release;
  const facts = [
    ["image", image],
    ["release", hash],
    ["replaces", replaces ?? "nothing: it is new there"],
    ...(commit === undefined ? [] : [["commit", commit]]),
  ].map(([key, value]) => `| ${key} | ${code(value ?? "")} |`);
  return [
    `### ${code(name)} ${code(version)}`,
    "",
    "| | |",
    "|---|---|",
    ...facts,
    ...risks.flatMap(({ tag, object, detail }, index) => [
      ...(index === 0 ? [""] : []),
      `- **${tag}** ${code(object)}: ${code(detail)}`,
    ]),
    // Of an agent that is new there, everything would be told.
    ...(replaces === undefined ? [] : settings).flatMap(({ key, before, after }, index) => [
      ...(index === 0 ? ["", "| setting | before | after |", "|---|---|---|"] : []),
      `| ${code(key)} | ${shown(before)} | ${shown(after)} |`,
    ]),
    ...skipped.map((environment) => `\nStill to be verified in ${code(environment)}.`),
  ].join("\n");
}

function shown(value: unknown): string {
  return value === undefined ? "" : code(JSON.stringify(value));
}

/** Text as code: a value must neither be Markdown nor end its cell or its line. */
function code(text: string): string {
  const line = text.replace(/\s+/g, " ").replaceAll("|", "\\|");
  const fence = "`".repeat(
    Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1,
  );
  const pad = fence.length > 1 ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

function limit(text: string, most: number): string {
  const end = "\n\n… cut off here: the rest is in the files of the branch.";
  return text.length <= most ? text : `${text.slice(0, most - end.length)}${end}`;
}
