import { exitCodeMeaning } from "./exit-code.ts";
import type { LiveContainer, LiveEvent, LivePod, Termination } from "./facts.ts";
import { imageFailure } from "./image-failure.ts";
import type { Failure, FailureCause } from "./judgement.ts";

/** Restarts after which a process that ends with an error is not expected to recover. */
const restartsUntilFailed = 2;

/** Why a container will not start, or undefined when it still may. `events` are those of its pod. */
export function containerFailure(
  pod: LivePod,
  container: LiveContainer,
  events: readonly LiveEvent[],
): Failure | undefined {
  const at = { pod: pod.metadata.name, container: container.name };
  const found =
    waitingFailure(container) ??
    imageFailure(container, events) ??
    memoryFailure(container) ??
    probeFailure(container, events) ??
    crashFailure(container);
  return found && { kind: "failed", ...found, ...at };
}

/** A failure before it is known of which pod. */
export type Finding = Pick<Failure, "cause" | "message" | "hint" | "logs">;

const refusedToStart: Readonly<Record<string, readonly [FailureCause, string]>> = {
  CreateContainerConfigError: [
    "container-config",
    "a ConfigMap, Secret or key that the pod refers to is missing, or the image's user is not numeric",
  ],
  CreateContainerError: ["container-create", "check the command and the mounts of the container"],
  RunContainerError: ["container-run", "check the image's entry point and its platform"],
  PreStartHookError: ["container-create", "check the node's container runtime"],
  PostStartHookError: ["container-run", "check the container's postStart hook"],
};

/** The kubelet has not seen a new ConfigMap or Secret yet, and tries again by itself. */
const passing = /^failed to sync (configmap|secret) cache: timed out/;

function waitingFailure({ name, state }: LiveContainer): Finding | undefined {
  const reason = state?.waiting?.reason ?? "";
  const known = refusedToStart[reason];
  if (known === undefined || passing.test(state?.waiting?.message ?? "")) return undefined;
  const [cause, hint] = known;
  return {
    cause,
    message: `container ${name} cannot start: ${reason}${detail(state?.waiting?.message)}`,
    hint,
  };
}

function memoryFailure(container: LiveContainer): Finding | undefined {
  const { name, state, lastState } = container;
  const killed = [state?.terminated, lastState?.terminated].find(
    (termination) => termination?.reason === "OOMKilled",
  );
  if (killed === undefined) return undefined;
  return {
    cause: "out-of-memory",
    message: `container ${name} was killed because it used more memory than its limit (OOMKilled, exit code ${killed.exitCode})`,
    hint: "raise resources.limits.memory and resources.requests.memory, or find what uses the memory",
    logs: logsOf(container),
  };
}

/** The kubelet kills a container whose probe failed; its exit code alone would hide why. */
function probeFailure(container: LiveContainer, events: readonly LiveEvent[]): Finding | undefined {
  const { name, restartCount = 0 } = container;
  if (restartCount === 0) return undefined;
  for (const probe of ["startup", "liveness"] as const) {
    const killed = events.some(
      ({ reason, message = "" }) =>
        reason === "Killing" && message.includes(`Container ${name} failed ${probe} probe`),
    );
    if (!killed) continue;
    const answer = events.findLast(
      ({ reason, message = "" }) =>
        reason === "Unhealthy" && message.toLowerCase().startsWith(`${probe} probe failed`),
    );
    return {
      cause: `${probe}-probe`,
      message: `container ${name} was killed because its ${probe} probe kept failing${detail(answer?.message)}`,
      hint:
        probe === "startup"
          ? "check agent.probes.startup, or raise agent.startupBudgetSeconds in package.yaml"
          : "check agent.probes.live in package.yaml: it must answer while the process is busy",
      logs: logsOf(container),
    };
  }
  return undefined;
}

function crashFailure(container: LiveContainer): Finding | undefined {
  const { name, state, lastState, restartCount = 0 } = container;
  const last = state?.terminated ?? lastState?.terminated;
  const backingOff = state?.waiting?.reason === "CrashLoopBackOff";
  const keepsFailing =
    restartCount >= restartsUntilFailed && last !== undefined && last.exitCode !== 0;
  if (!backingOff && !keepsFailing) return undefined;
  return {
    cause: "crash-loop",
    message: `container ${name} keeps ending${last ? `: ${ending(last)}` : ""}`,
    hint: "read the last log lines; a missing setting, secret or file is the usual reason",
    logs: logsOf(container),
  };
}

function ending({ exitCode, reason, message }: Termination): string {
  const why = reason && reason !== "Error" && reason !== "Completed" ? ` (${reason})` : "";
  // The message of a crash is the end of its log, which the caller fetches and shows itself;
  // a runtime that could not start the process says so nowhere else.
  const start = reason === "StartError" || reason === "ContainerCannotRun" ? detail(message) : "";
  return `the process ${exitCodeMeaning(exitCode)}, exit code ${exitCode}${why}${start}`;
}

/** While a container waits or runs again, what it said before stands in its previous log. */
function logsOf({ state, restartCount = 0 }: LiveContainer): "current" | "previous" {
  // A container that waits after its first end has not been replaced yet: both logs are one.
  return state?.running !== undefined && restartCount > 0 ? "previous" : "current";
}

function detail(message: string | undefined): string {
  return message ? `: ${message.trim()}` : "";
}
