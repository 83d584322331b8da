import type { Promotion } from "../../infra/deploy/promote.ts";
import { UserError } from "../../infra/domain/errors.ts";
import { command } from "../command.ts";

interface PromoteArguments {
  agents: string[];
  to: string;
  from?: string;
  hotfix: boolean;
  reason?: string;
  pr: boolean;
}

export const promoteCommand = command<PromoteArguments>({
  command: "promote <agents..>",
  describe: "Release to an environment what the one before it runs",
  builder: (yargs) =>
    yargs
      .positional("agents", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "One, or several that go together or not at all",
      })
      .options({
        to: { type: "string", demandOption: true, describe: "Environment that gets them" },
        from: { type: "string", describe: "Environment that has them; the one before" },
        hotfix: { type: "boolean", default: false, describe: "Go past order, soak and freezes" },
        reason: { type: "string", describe: "Why a hotfix cannot wait; it is recorded" },
        pr: { type: "boolean", default: false, describe: "Write to a branch for a pull request" },
      })
      .example("$0 promote fastapi-agent --to staging", "Release what dev runs to staging"),
  run: async ({ agents, to, from, hotfix, reason = "", pr }, { print }) => {
    if (reason !== "" && !hotfix) {
      throw new UserError("usage", "--reason is for a hotfix", "leave it out, or add --hotfix");
    }
    const options = { agents, to, ...(from && { from }), ...(hotfix && { hotfix: { reason } }) };
    const promoting = await import("../../infra/deploy/promote.ts");
    if (!pr) {
      const promotion = await promoting.promote(options);
      const next = promotion.agents.length > 0 ? `\nnext: npx slipway deploy ${to}` : "";
      return print(promotion, renderPromotion(promotion) + next);
    }
    const promotion = await promoting.preparePromotion(options);
    const text = renderPromotion(promotion);
    if (promotion.agents.length === 0) return print(promotion, text);
    const branch = await promoting.proposePromotion(promotion, text);
    const next = `git push origin ${branch} && gh pr create --head ${branch} --fill`;
    print({ ...promotion, branch }, `${text}\non the branch ${branch}\nnext: ${next}`);
  },
});

function renderPromotion({ from, to, agents, files }: Promotion): string {
  if (agents.length === 0) return `${to} runs what ${from} runs already; nothing was changed`;
  const lines = agents.flatMap(({ name, release, settings, risks, skipped }) => [
    `${name} ${release.version} goes from ${from} to ${to}`,
    `  ${release.image}`,
    // Of an agent that is new there, everything would be told.
    ...(release.replaces === undefined ? [] : settings).map(
      ({ key, before, after }) => `  ${key}: ${shown(before)} -> ${shown(after)}`,
    ),
    ...risks.map(({ tag, object, detail }) => `  risk ${tag}: ${object}: ${detail}`),
    ...skipped.map((environment) => `  still to be verified in ${environment}`),
  ]);
  const written = files.map(({ path }) => `  ${path}`);
  return [...lines, "written:", ...written].join("\n");
}

function shown(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}
