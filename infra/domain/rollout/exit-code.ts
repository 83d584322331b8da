const meanings: Readonly<Record<number, string>> = {
  0: "ended without an error, but a server must keep running",
  1: "ended with an error of its own",
  2: "was called the wrong way, or ended with an error of its own",
  125: "could not be started by the container runtime",
  126: "found its command but may not execute it",
  127: "did not find its command",
  128: "could not be started by the container runtime",
};

const signals: Readonly<Record<number, string>> = {
  2: "interrupted (SIGINT)",
  4: "killed by an illegal instruction (SIGILL): the image may be for another CPU",
  6: "aborted (SIGABRT)",
  7: "killed by a bus error (SIGBUS)",
  9: "killed (SIGKILL): out of memory, a failed probe, or the end of the grace period",
  11: "killed by a segmentation fault (SIGSEGV)",
  15: "asked to stop (SIGTERM)",
};

/** What an exit code says about a process, to complete the sentence "the process ...". */
export function exitCodeMeaning(exitCode: number): string {
  // A process that a signal ended has 128 and the signal's number.
  const signal = signals[exitCode - 128];
  if (signal !== undefined) return `was ${signal}`;
  return meanings[exitCode] ?? "ended with an error of its own";
}
