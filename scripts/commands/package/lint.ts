import type { Finding } from "../../../infra/domain/lint/finding.ts";
import type { LintedStack, WorkspaceLint } from "../../../infra/domain/lint/lint-workspace.ts";
import { command, exitCodes } from "../../command.ts";

interface LintArguments {
  readonly agent?: string;
  readonly environment?: string;
  readonly explain?: string;
}

export const packageLintCommand = command<LintArguments>({
  command: "package lint [agent]",
  describe: "Hold rules against what would be deployed; exit code 3 when it would be refused",
  builder: (yargs) =>
    yargs
      .positional("agent", { type: "string", describe: "Only this one; all by default" })
      .options({
        environment: {
          type: "string",
          requiresArg: true,
          describe: "Only this one; all by default",
        },
        explain: { type: "string", describe: "Explain a rule such as SLW013, or list all of them" },
      })
      .example("$0 package lint", "Every agent in every environment")
      .example("$0 package lint --explain SLW013", "What a rule is about, and how to keep it"),
  run: async ({ agent, environment, explain }, { print }) => {
    if (explain !== undefined) {
      const { explainRules } = await import("../../../infra/domain/lint/explain.ts");
      const { pages, text } = explainRules(explain);
      print(pages, text);
      return exitCodes.done;
    }
    const { lintCheckout } = await import("../../../infra/checks/lint.ts");
    const found = await lintCheckout({
      ...(agent && { agent }),
      ...(environment && { environment }),
    });
    print(found, renderLint(found));
    return found.refused ? exitCodes.refused : exitCodes.done;
  },
});

function renderLint({ stacks, waivers, refused }: WorkspaceLint): string {
  const lines = stacks.flatMap(renderStack);
  const said = waivers.length === 0 ? [] : ["waivers", ...waivers.flatMap(renderFinding)];
  const end = refused
    ? "refused: an error stands where the policy is mandatory; --explain <rule> says why"
    : "nothing stops a deployment";
  return [...lines, ...said, end].join("\n");
}

function renderStack(stack: LintedStack): readonly string[] {
  const { environment, policy, agents, unreleased, findings, waived } = stack;
  const count = findings.length === 0 ? "clean" : counted(findings);
  return [
    `${environment} (${policy}): ${agents.join(", ") || "no agents"}: ${count}`,
    ...unreleased.map((name) => `  ${name} has no release here yet; a stand-in is its image`),
    ...findings.flatMap(renderFinding),
    ...waived.map(
      ({ finding: { rule, where }, waiver: { owner, expires, reason } }) =>
        `  waived ${rule} ${where} by ${owner} until ${expires}: ${reason}`,
    ),
  ];
}

function counted(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return `${errors} errors, ${findings.length - errors} warnings`;
}

function renderFinding({ severity, rule, where, path, message, hint }: Finding): readonly string[] {
  const place = path === "" ? where : `${where}, ${path}`;
  return [`  ${severity} ${rule} ${place}`, `    ${message}`, `    fix: ${hint}`];
}
