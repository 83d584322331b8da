import type { Report } from "../../infra/adapters/report.ts";
import { UserError } from "../../infra/domain/errors.ts";

export interface BenchOptions {
  readonly rounds: number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export async function bench(_: BenchOptions): Promise<{ result: unknown; text: string }> {
  throw new UserError("bench-unfinished", "The benchmark is not there yet");
}
