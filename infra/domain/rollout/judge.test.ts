import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  LiveCondition,
  LiveContainer,
  LiveEvent,
  LivePod,
  LiveReplicaSet,
  RolloutFacts,
} from "./facts.ts";
import { judgeRollout } from "./judge.ts";
import type { Failure, FailureCause } from "./judgement.ts";

const image = "localhost:5000/agent@sha256:abc";

test("a rollout is ready when all pods are new and available, and the Service has one of them", () => {
  assert.deepEqual(judgeRollout(facts({ pods: [pod(running)], available: 1 })), { kind: "ready" });
});

test("a Deployment that its controller has not seen yet is never ready", () => {
  const stale = facts({ pods: [pod(running)], available: 1, observedGeneration: 1 });
  assert.equal(judgeRollout(stale).kind, "progressing");
});

test("available pods behind a Service without a ready endpoint are not ready", () => {
  const ready = facts({ pods: [pod(running)], available: 1 });
  for (const endpointSlices of [
    [],
    [{ endpoints: null }],
    [{ endpoints: [{ conditions: { ready: false }, targetRef: { name: "new-1" } }] }],
    [{ endpoints: [{ conditions: { ready: true }, targetRef: { name: "old-1" } }] }],
  ]) {
    assert.deepEqual(judgeRollout({ ...ready, endpointSlices }), {
      kind: "progressing",
      text: "waiting for the Service to have a ready endpoint",
    });
  }
});

test("pods that serve nobody are ready without an endpoint", () => {
  const ready = facts({ pods: [pod(running)], available: 1 });
  const judged = (ports: readonly { name: string }[]) => {
    const template = { spec: { containers: [{ ports }] } };
    const deployment = { ...ready.deployment, spec: { ...ready.deployment.spec, template } };
    return judgeRollout({ ...ready, deployment, endpointSlices: [] }).kind;
  };
  assert.equal(judged([]), "ready");
  assert.equal(judged([{ name: "admin" }]), "ready");
  assert.equal(judged([{ name: "http" }]), "progressing");
});

test("old pods that still serve keep a rollout from being ready", () => {
  const judged = judgeRollout(facts({ pods: [pod(running)], available: 1, total: 2 }));
  assert.deepEqual(judged, { kind: "progressing", text: "old pods to be replaced: 1" });
});

test("pods of an older ReplicaSet, or of another owner, are not judged", () => {
  const crashing = {
    ...pod(crashLoop),
    metadata: { name: "old-1", uid: "p9", ...owner("rs-old") },
  };
  const stranger = { ...crashing, metadata: { name: "other-1", uid: "p8", ...owner("rs-other") } };
  assert.equal(judgeRollout(facts({ pods: [crashing, stranger] })).kind, "progressing");
});

test("a pod that is being deleted is not judged", () => {
  const going = pod(crashLoop, { deletionTimestamp: "2026-01-01T00:00:00Z" });
  assert.equal(judgeRollout(facts({ pods: [going] })).kind, "progressing");
});

test("progress says how far it is", () => {
  const judged = judgeRollout(facts({ pods: [pod(running), pod(starting)], wanted: 2 }));
  assert.deepEqual(judged, { kind: "progressing", text: "1 of 2 new pods ready" });
});

const running: LiveContainer = container({ state: { running: {} }, ready: true });
const starting: LiveContainer = container({ state: { waiting: { reason: "ContainerCreating" } } });
const crashLoop: LiveContainer = container({
  restartCount: 1,
  state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s restarting" } },
  lastState: { terminated: { exitCode: 1, reason: "Error" } },
});

interface Case {
  readonly what: string;
  readonly container: LiveContainer;
  readonly events?: readonly LiveEvent[];
  readonly cause: FailureCause;
  readonly message: RegExp;
  readonly logs?: Failure["logs"];
}

const failing: readonly Case[] = [
  {
    what: "a crash loop",
    container: crashLoop,
    cause: "crash-loop",
    message: /keeps ending: the process ended with an error of its own, exit code 1$/,
    logs: "current",
  },
  {
    what: "a second restart with an error, while the process runs again",
    container: container({
      restartCount: 2,
      state: { running: {} },
      lastState: { terminated: { exitCode: 139, reason: "Error" } },
    }),
    cause: "crash-loop",
    message: /segmentation fault/,
    logs: "previous",
  },
  {
    what: "a process that ends without an error again and again",
    container: container({
      restartCount: 1,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 0, reason: "Completed" } },
    }),
    cause: "crash-loop",
    message: /must keep running, exit code 0$/,
    logs: "current",
  },
  {
    what: "a command that does not exist",
    container: container({
      restartCount: 1,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: {
        terminated: { exitCode: 128, reason: "StartError", message: 'exec: "nope": not found' },
      },
    }),
    cause: "crash-loop",
    message: /StartError\): exec: "nope": not found/,
    logs: "current",
  },
  {
    what: "memory above the limit, already at the first time",
    container: container({
      restartCount: 1,
      state: { running: {} },
      lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
    }),
    cause: "out-of-memory",
    message: /more memory than its limit .*exit code 137/,
    logs: "previous",
  },
  {
    what: "a startup probe that failed until the budget was used up",
    container: container({
      restartCount: 1,
      state: { running: {} },
      lastState: { terminated: { exitCode: 137, reason: "Error" } },
    }),
    events: [
      { reason: "Unhealthy", message: "Startup probe failed: HTTP probe failed with 503" },
      { reason: "Killing", message: "Container agent failed startup probe, will be restarted" },
    ],
    cause: "startup-probe",
    message: /startup probe kept failing: Startup probe failed: HTTP probe failed with 503/,
    logs: "previous",
  },
  {
    what: "a liveness probe that kills the container",
    container: container({ restartCount: 1, state: { running: {} } }),
    events: [
      { reason: "Killing", message: "Container agent failed liveness probe, will be restarted" },
    ],
    cause: "liveness-probe",
    message: /liveness probe kept failing/,
    logs: "previous",
  },
  {
    what: "an image that does not exist, at the first answer",
    container: waiting("ErrImagePull", `failed to resolve reference "${image}": not found`),
    cause: "image-pull",
    message: /\(localhost:5000\/agent@sha256:abc\) cannot be pulled: .*not found/,
  },
  {
    what: "an image that may not be pulled, known only from the event",
    container: waiting("ImagePullBackOff", `Back-off pulling image "${image}"`),
    events: [{ reason: "Failed", message: "Failed to pull image: 401 Unauthorized", count: 1 }],
    cause: "image-pull",
    message: /401 Unauthorized/,
  },
  {
    what: "a registry that cannot be reached, at the second attempt",
    container: waiting("ImagePullBackOff", "Back-off pulling image"),
    events: [{ reason: "Failed", message: "Failed to pull image: i/o timeout", count: 2 }],
    cause: "image-pull",
    message: /i\/o timeout/,
  },
  {
    what: "an image name that is none",
    container: waiting("InvalidImageName", "couldn't parse image name"),
    cause: "image-name",
    message: /invalid name: couldn't parse/,
  },
  {
    what: "a Secret that is missing",
    container: waiting("CreateContainerConfigError", 'secret "agent-1" not found'),
    cause: "container-config",
    message: /CreateContainerConfigError: secret "agent-1" not found/,
  },
  {
    what: "a container that cannot be created",
    container: waiting("CreateContainerError", "no command specified"),
    cause: "container-create",
    message: /no command specified/,
  },
  {
    what: "a container that cannot be run",
    container: waiting("RunContainerError", "permission denied"),
    cause: "container-run",
    message: /permission denied/,
  },
];

for (const { what, container: status, events = [], cause, message, logs } of failing) {
  test(`${what} fails the rollout at once as ${cause}`, () => {
    const own = events.map((event) => ({ ...event, involvedObject: { uid: "pod-1" } }));
    const judged = judgeRollout(facts({ pods: [pod(status)], events: own }));
    assert.equal(judged.kind, "failed");
    assert.equal(judged.cause, cause);
    assert.match(judged.message, message);
    assert.equal(judged.pod, "new-1");
    assert.equal(judged.container, "agent");
    assert.equal(judged.logs, logs);
    assert.ok(judged.hint.length > 0);
  });
}

const passing: readonly (readonly [string, LiveContainer, LiveEvent[]?])[] = [
  ["a container that is being created", starting],
  [
    "a first crash",
    container({
      restartCount: 1,
      state: { running: {} },
      lastState: { terminated: { exitCode: 1, reason: "Error" } },
    }),
  ],
  ["an image that is being pulled", waiting("ContainerCreating", "")],
  [
    "a first network error of a pull",
    waiting("ErrImagePull", "dial tcp: i/o timeout"),
    [{ reason: "Failed", message: "Failed to pull image: dial tcp: i/o timeout", count: 1 }],
  ],
  [
    "a startup probe that has not passed yet",
    container({ state: { running: {} }, started: false }),
    [{ reason: "Unhealthy", message: "Startup probe failed: connection refused", count: 9 }],
  ],
  [
    "a ConfigMap that the kubelet has not seen yet",
    waiting(
      "CreateContainerConfigError",
      "failed to sync configmap cache: timed out waiting for the condition",
    ),
  ],
  [
    "a mount that failed once",
    starting,
    [{ reason: "FailedMount", message: 'secret "agent-1" not found', count: 1 }],
  ],
];

for (const [what, status, events = []] of passing) {
  test(`${what} may still pass`, () => {
    const own = events.map((event) => ({ ...event, involvedObject: { uid: "pod-1" } }));
    assert.equal(judgeRollout(facts({ pods: [pod(status)], events: own })).kind, "progressing");
  });
}

test("a Secret that cannot be mounted again and again fails the rollout", () => {
  const event = { reason: "FailedMount", message: 'secret "agent-1" not found', count: 3 };
  const events = [{ ...event, involvedObject: { uid: "pod-1" } }];
  const judged = judgeRollout(facts({ pods: [pod(starting)], events }));
  assert.equal(judged.kind === "failed" && judged.cause, "volume-mount");
});

test("events about other pods say nothing about this one", () => {
  const event = { reason: "FailedMount", message: "x not found", count: 9 };
  const events = [{ ...event, involvedObject: { uid: "elsewhere", name: "new-1" } }];
  assert.equal(judgeRollout(facts({ pods: [pod(starting)], events })).kind, "progressing");
});

test("a pod that no node has room for fails the rollout, with the scheduler's reason", () => {
  const judged = judgeRollout(facts({ pods: [unschedulable("0/1 nodes: Insufficient cpu.")] }));
  assert.equal(judged.kind === "failed" && judged.cause, "unschedulable");
  assert.match(judged.kind === "failed" ? judged.message : "", /Insufficient cpu/);
});

test("a pod waits for room while old pods drain, a node starts, or one was ordered", () => {
  const waitingPod = unschedulable("0/1 nodes: Insufficient cpu.");
  const ordered = { reason: "TriggeredScaleUp", involvedObject: { uid: "pod-1" } };
  for (const situation of [
    facts({ pods: [waitingPod, draining] }),
    facts({ pods: [unschedulable("untolerated taint {node.kubernetes.io/not-ready: }")] }),
    facts({ pods: [waitingPod], events: [ordered] }),
  ]) {
    assert.equal(judgeRollout(situation).kind, "progressing");
  }
});

test("pods that the API server refuses fail the rollout, with the rule that they break", () => {
  const podSecurity = 'pods "agent-1" is forbidden: violates PodSecurity "restricted:v1.34"';
  const judged = judgeRollout(facts({ pods: [], refused: podSecurity }));
  assert.equal(judged.kind === "failed" && judged.cause, "admission");
  assert.match(judged.kind === "failed" ? judged.message : "", /PodSecurity "restricted/);
});

test("a used-up quota fails the rollout, unless pods that drain are about to free it", () => {
  const refused = 'pods "agent-1" is forbidden: exceeded quota: stack-quota, requested: pods=1';
  const judged = judgeRollout(facts({ pods: [], refused }));
  assert.equal(judged.kind === "failed" && judged.cause, "quota");
  assert.equal(judgeRollout(facts({ pods: [draining], refused })).kind, "progressing");
  assert.equal(judgeRollout(facts({ pods: [pod(running)], refused })).kind, "progressing");
  const late = facts({ pods: [draining], refused, conditions: [deadlineExceeded] });
  assert.equal(late && judgeRollout(late).kind, "failed");
});

test("a pod that never gets ready fails when the Deployment's own deadline has passed", () => {
  const silent = pod(container({ state: { running: {} }, started: true }));
  assert.equal(judgeRollout(facts({ pods: [silent] })).kind, "progressing");
  const judged = judgeRollout(facts({ pods: [silent], conditions: [deadlineExceeded] }));
  assert.ok(judged.kind === "failed");
  assert.equal(judged.cause, "progress-deadline");
  assert.match(judged.message, /pod new-1 never became ready/);
  assert.equal(judged.logs, "current");
});

test("a rollout that becomes ready after its deadline is ready", () => {
  const late = facts({ pods: [pod(running)], available: 1, conditions: [deadlineExceeded] });
  assert.equal(judgeRollout(late).kind, "ready");
});

test("a pod that its node ended fails the rollout", () => {
  const ended: LivePod = {
    ...pod(starting),
    status: { phase: "Failed", reason: "Evicted", message: "low on ephemeral-storage" },
  };
  const judged = judgeRollout(facts({ pods: [ended] }));
  assert.equal(judged.kind === "failed" && judged.cause, "evicted");
});

test("a Deployment that is scaled to nothing is ready without endpoints", () => {
  const none = facts({ pods: [], wanted: 0, total: 0, available: 0 });
  assert.equal(judgeRollout({ ...none, endpointSlices: [] }).kind, "ready");
});

const deadlineExceeded: LiveCondition = {
  type: "Progressing",
  status: "False",
  reason: "ProgressDeadlineExceeded",
};

const draining: LivePod = {
  metadata: {
    name: "old-1",
    uid: "p9",
    deletionTimestamp: "2026-01-01T00:00:00Z",
    ...owner("rs-old"),
  },
};

interface Situation {
  readonly pods: readonly LivePod[];
  readonly wanted?: number;
  readonly total?: number;
  readonly available?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly LiveCondition[];
  readonly events?: readonly LiveEvent[];
  readonly refused?: string;
}

/** A Deployment at its second revision, with an old and a new ReplicaSet. */
function facts(situation: Situation): RolloutFacts {
  const { wanted = 1, available = 0, observedGeneration = 2, conditions = [] } = situation;
  const total = situation.total ?? wanted;
  const revision = (number: string) => ({
    annotations: { "deployment.kubernetes.io/revision": number },
  });
  const failure = { type: "ReplicaFailure", status: "True", reason: "FailedCreate" };
  const newest: LiveReplicaSet = {
    metadata: { name: "new", uid: "rs-new", ...revision("2"), ...owner("d-1") },
    ...(situation.refused && {
      status: { conditions: [{ ...failure, message: situation.refused }] },
    }),
  };
  return {
    deployment: {
      metadata: { name: "agent", uid: "d-1", generation: 2, ...revision("2") },
      spec: { replicas: wanted },
      status: {
        observedGeneration,
        replicas: total,
        updatedReplicas: wanted,
        availableReplicas: available,
        conditions,
      },
    },
    replicaSets: [
      { metadata: { name: "old", uid: "rs-old", ...revision("1"), ...owner("d-1") } },
      newest,
    ],
    pods: situation.pods,
    events: situation.events ?? [],
    endpointSlices: [
      { endpoints: [{ conditions: { ready: true }, targetRef: { name: "new-1" } }] },
    ],
  };
}

function owner(uid: string) {
  return { ownerReferences: [{ uid }] };
}

function pod(status: LiveContainer, metadata: Partial<LivePod["metadata"]> = {}): LivePod {
  return {
    metadata: { name: "new-1", uid: "pod-1", ...owner("rs-new"), ...metadata },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: status.ready ? "True" : "False" }],
      containerStatuses: [status],
    },
  };
}

function unschedulable(message: string): LivePod {
  const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
  return { ...pod(starting), status: { phase: "Pending", conditions: [condition] } };
}

function container(status: Partial<LiveContainer>): LiveContainer {
  return { name: "agent", image, restartCount: 0, ready: false, ...status };
}

function waiting(reason: string, message: string): LiveContainer {
  return container({ state: { waiting: { reason, message } } });
}
