import type { Problem } from "../errors.ts";
import type { SourceDocument } from "../text/document.ts";
import { evalName } from "../text/rules.ts";
import { closed, mapOf, type Schema } from "../text/schema.ts";

/** What has to hold before a release may come to an environment, and what happens when it fails there. */
export interface Gates {
  /**
   * Whether a release must have passed verification in the environment before.
   *
   * @default required; none for the first environment, which has none before it
   */
  readonly verification: "required" | "none";
  /** Minutes since that verification. @default 0 */
  readonly soakMinutes: number;
  /** Days after which that verification counts no more. @default never */
  readonly maximumAgeDays?: number;
  /** Owners who approve, as CODEOWNERS writes them: `@user`, `@org/team` or an address. @default nobody */
  readonly approvals: readonly string[];
  /** Times during which no release comes. @default none */
  readonly freezes: readonly Freeze[];
  /** Whether a release that fails here is rolled back, once; the first environment never is. @default true */
  readonly automaticRollback: boolean;
  /** Scores that a release must reach here, by name of the evaluation. @default none */
  readonly evals: Readonly<Record<string, EvalThreshold>>;
}

/** A time during which an environment stays as it is. */
export interface Freeze {
  /** First moment, in RFC 3339 and UTC such as 2030-12-20T18:00Z. */
  readonly from: string;
  /** First moment after it. */
  readonly until: string;
  readonly reason: string;
}

/** What one evaluation must come to. */
export interface EvalThreshold {
  readonly minimum: number;
  /** How far the score may lie below that of the last good release. @default any */
  readonly maximumDrop?: number;
}

/** Gates as the file has them. */
export type DeclaredGates = Partial<Gates>;

const moment: Schema = {
  type: "string",
  pattern:
    "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?Z$",
  description: "a moment in UTC such as 2030-12-20T18:00Z",
};

function wholeNumber(minimum: number, maximum: number, unit: string): Schema {
  return {
    type: "integer",
    minimum,
    maximum,
    description: `a whole number of ${unit} from ${minimum} to ${maximum}`,
  };
}

/** The shape of `gates`. */
export const gatesSchema: Schema = closed(
  {
    verification: { type: "string", enum: ["required", "none"] },
    soakMinutes: wholeNumber(0, 90 * 24 * 60, "minutes"),
    maximumAgeDays: wholeNumber(1, 365, "days"),
    approvals: {
      type: "array",
      minItems: 1,
      items: {
        type: "string",
        pattern: "^(@[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9._-]+)?|[^\\s@#]+@[^\\s@#]+)$",
        maxLength: 200,
        description: "an owner such as @user, @org/team or an address",
      },
    },
    freezes: {
      type: "array",
      items: closed({
        from: moment,
        until: moment,
        reason: { type: "string", minLength: 1, maxLength: 500 },
      }),
    },
    automaticRollback: { type: "boolean" },
    evals: mapOf(
      closed({ minimum: { type: "number" }, maximumDrop: { type: "number", minimum: 0 } }, [
        "minimum",
      ]),
      evalName,
    ),
  },
  [],
);

/** Gates with everything that the file may leave out. */
export function completeGates(declared: DeclaredGates, isFirst: boolean): Gates {
  return {
    verification: isFirst ? "none" : "required",
    soakMinutes: 0,
    approvals: [],
    freezes: [],
    automaticRollback: true,
    evals: {},
    ...declared,
  };
}

/** Gates that can never open, or that say nothing. */
export function gateProblems(
  gates: DeclaredGates,
  index: number,
  document: SourceDocument,
): readonly Problem[] {
  const at = (key: string) => ["environments", index, "gates", key];
  const { verification, soakMinutes = 0, maximumAgeDays, freezes = [] } = gates;
  const asked = {
    verification: verification === "required",
    soakMinutes: soakMinutes > 0,
    maximumAgeDays: maximumAgeDays !== undefined,
  };
  const problems = Object.entries(asked).flatMap(([key, isAsked]) => {
    const message = isAsked ? unverifiable(key, index, verification) : undefined;
    return message === undefined ? [] : [document.problemAt(at(key), message)];
  });
  if (maximumAgeDays !== undefined && soakMinutes >= maximumAgeDays * 24 * 60) {
    const message = `${soakMinutes} minutes of soak are no less than ${maximumAgeDays} days: a verification would be too old before it counts`;
    problems.push(document.problemAt(at("soakMinutes"), message));
  }
  freezes.forEach(({ from, until, reason }, number) => {
    if (Date.parse(from) < Date.parse(until)) return;
    const path = [...at("freezes"), number, "until"];
    problems.push(document.problemAt(path, `the freeze "${reason}" ends before it begins`));
  });
  return problems;
}

/** Why a gate that looks at the verification in the environment before cannot be. */
function unverifiable(key: string, index: number, verification: string | undefined) {
  if (index === 0) return `"${key}" asks for the environment before, but this is the first`;
  if (key === "verification" || verification !== "none") return undefined;
  return `"${key}" counts from a verification, but "verification" is none`;
}
