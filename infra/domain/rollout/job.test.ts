import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveContainer, LiveEvent, LivePod } from "./facts.ts";
import { judgeJob } from "./job.ts";

const uid = "j1";
const pod = (phase: string, container: Partial<LiveContainer> = {}): LivePod => ({
  metadata: { name: "migrate-x", uid: "p1", ownerReferences: [{ uid }] },
  status: { phase, containerStatuses: [{ name: "migrate", ...container }] },
});
const judge = (
  condition: readonly [string, string, string] | undefined,
  pods: readonly LivePod[] = [],
  events: readonly LiveEvent[] = [],
) => {
  const [type = "", reason = "", message = ""] = condition ?? [];
  const conditions = condition ? [{ type, reason, message, status: "True" }] : [];
  return judgeJob({
    job: { metadata: { name: "migrate", uid }, status: { conditions } },
    pods,
    events,
  });
};

test("a job is done when it says so, and runs until then", () => {
  assert.deepEqual(judge(["Complete", "", ""], [pod("Succeeded")]), { kind: "ready" });
  assert.deepEqual(judge(undefined, [pod("Running", { state: { running: {} } })]), {
    kind: "progressing",
    text: "job migrate runs",
  });
});

test("an attempt that failed is no failure while the job may try again", () => {
  const ended = { state: { terminated: { exitCode: 1, reason: "Error" } } };
  assert.equal(judge(undefined, [pod("Failed", ended)]).kind, "progressing");
});

test("a failed job tells its reason, how its process ended, and where its log is", () => {
  const ended = { state: { terminated: { exitCode: 3, reason: "Error" } } };
  const judged = judge(["Failed", "BackoffLimitExceeded", "too often"], [pod("Failed", ended)]);
  assert.ok(judged.kind === "failed");
  assert.match(judged.message, /job migrate failed: BackoffLimitExceeded: too often; .* code 3/);
  assert.deepEqual(
    [judged.cause, judged.pod, judged.container, judged.logs],
    ["job", "migrate-x", "migrate", "current"],
  );
});

test("a job whose time was up has no pod any more, and says so all the same", () => {
  const judged = judge(["Failed", "DeadlineExceeded", "was active longer than 60 s"]);
  assert.ok(judged.kind === "failed");
  assert.match(judged.message, /DeadlineExceeded/);
  assert.equal(judged.logs, undefined);
});

test("a pod that cannot start fails its job at once", () => {
  const waiting = { state: { waiting: { reason: "CreateContainerConfigError", message: "no x" } } };
  const judged = judge(undefined, [pod("Pending", waiting)]);
  assert.ok(judged.kind === "failed");
  assert.equal(judged.cause, "container-config");
});

test("a pod that the API server refuses fails its job, unless a quota may free up", () => {
  const refused = (message: string) =>
    judge(undefined, [], [{ reason: "FailedCreate", message, involvedObject: { uid } }]).kind;
  assert.equal(refused('violates PodSecurity "restricted:v1.34"'), "failed");
  assert.equal(refused("exceeded quota: stack-quota"), "progressing");
});

test("pods of others are not judged", () => {
  const waiting = { state: { waiting: { reason: "CreateContainerConfigError" } } };
  const other = { ...pod("Pending", waiting), metadata: { name: "x", ownerReferences: [] } };
  assert.equal(judge(undefined, [other]).kind, "progressing");
});
