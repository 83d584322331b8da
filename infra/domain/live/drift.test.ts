import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../adapters/paths.ts";
import type { KubernetesObject } from "../manifests/object.ts";
import { type Drift, driftOf, isEngine } from "./drift.ts";

/** What kubectl 1.34 left behind when it edited, labelled, patched, restarted, added and deleted. */
const edited: { desired: KubernetesObject[]; live: KubernetesObject[] } = JSON.parse(
  readFileSync(join(root, "infra/domain/live/golden/edited-by-hand.json"), "utf8"),
);

const line = ({ kind, object, path = "", live = "", by }: Drift) =>
  [kind, object, path, live.length > 12 ? "" : live, by?.manager ?? ""]
    .filter((part) => part !== "")
    .join(" ");

// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into objects whose types say nothing.
type Any = any;

/** The objects as they were set, live, with the fields that others wrote. */
function served(change: (live: Any) => void = () => {}): KubernetesObject[] {
  const live: Any = structuredClone(edited.desired);
  change(live);
  return live;
}

const of = (objects: Any, kind: string): Any => objects.find((each: Any) => each.kind === kind);

const written = (manager: string, fieldsV1: object, time = "2026-01-02T03:04:05Z") => ({
  manager,
  operation: "Update",
  fieldsV1,
  time,
});

test("every edit of a person is found, with its field and its writer", () => {
  assert.deepEqual(driftOf(edited.desired, edited.live).map(line), [
    'added ConfigMap fastapi-agent-502d01e40d metadata.annotations.by-hand "yes" kubectl-annotate',
    'added Service fastapi-agent metadata.labels.team "ops" kubectl-label',
    "added Service fastapi-agent spec.ports[debug] kubectl-patch",
    "changed Deployment fastapi-agent spec.minReadySeconds 9 kubectl-edit",
    'changed Deployment fastapi-agent spec.template.spec.containers[agent].resources.limits.cpu "750m" kubectl-edit',
    'added Deployment fastapi-agent spec.template.spec.hostname "by-hand" kubectl-edit',
    "added Deployment fastapi-agent spec.template.spec.tolerations kubectl-edit",
    "added Deployment fastapi-agent spec.template.metadata.annotations.kubectl.kubernetes.io/restartedAt kubectl-rollout",
    "added Deployment fastapi-agent spec.template.spec.containers[agent].env[EXTRA] kubectl-set",
    "missing PodDisruptionBudget fastapi-agent",
    "changed HorizontalPodAutoscaler fastapi-agent spec.maxReplicas 9 kubectl-patch",
    "unexpected ConfigMap by-hand kubectl-create",
  ]);
});

test("a change says when it was made", () => {
  const [first] = driftOf(edited.desired, edited.live);
  assert.equal(first?.by?.time, "2026-11-23T07:51:41Z");
});

test("a cluster as it was set has no drift", () => {
  assert.deepEqual(driftOf(edited.desired, served()), []);
});

test("what other parts of Kubernetes are meant to write is no drift", () => {
  const live = served((objects) => {
    const deployment = of(objects, "Deployment");
    deployment.spec.replicas = 5;
    deployment.status = { replicas: 5 };
    deployment.metadata.annotations["deployment.kubernetes.io/revision"] = "7";
    deployment.metadata.managedFields = [
      {
        ...written("kube-controller-manager", { "f:spec": { "f:replicas": {} } }),
        subresource: "scale",
      },
      written("kube-controller-manager", {
        "f:metadata": { "f:annotations": { "f:deployment.kubernetes.io/revision": {} } },
        "f:status": { "f:replicas": {} },
      }),
    ];
    objects.push(
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "kube-root-ca.crt" } },
      { apiVersion: "v1", kind: "Endpoints", metadata: { name: "fastapi-agent" } },
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        metadata: { name: "x", ownerReferences: [{ controller: true }] },
      },
    );
  });
  assert.deepEqual(driftOf(edited.desired, live), []);
});

test("a namespace that somebody else has made is as good as one of ours", () => {
  const live = served((objects) => {
    const namespace = of(objects, "Namespace");
    namespace.metadata.labels["kubernetes.io/metadata.name"] = namespace.metadata.name;
    namespace.metadata.managedFields = [
      written("kubectl-create", {
        "f:metadata": { "f:labels": { "f:kubernetes.io/metadata.name": {} } },
      }),
    ];
  });
  assert.deepEqual(driftOf(edited.desired, live), []);
});

test("who made an object is named, not who said at once how it is", () => {
  const live = served((objects) => {
    const status = { "f:status": { "f:used": {} } };
    const managedFields = [
      { ...written("kube-controller-manager", status), subresource: "status" },
      written("kubectl-create", { "f:spec": { "f:hard": {} } }),
    ];
    const metadata = { name: "mine", managedFields };
    objects.push({ apiVersion: "v1", kind: "ResourceQuota", metadata });
  });
  assert.deepEqual(driftOf(edited.desired, live).map(line), [
    "unexpected ResourceQuota mine kubectl-create",
  ]);
});

test("the same fields are drift when a person wrote them", () => {
  const live = served((objects) => {
    const deployment = of(objects, "Deployment");
    deployment.spec.replicas = 5;
    deployment.metadata.managedFields = [written("kubectl", { "f:spec": { "f:replicas": {} } })];
  });
  assert.deepEqual(driftOf(edited.desired, live).map(line), [
    "added Deployment fastapi-agent spec.replicas 5 kubectl",
  ]);
});

test("configuration of an earlier release is kept for a rollback, that of nobody is not", () => {
  const live = served((objects) => {
    const { metadata, ...map } = of(objects, "ConfigMap");
    objects.push(
      { ...map, metadata: { ...metadata, name: "fastapi-agent-0123456789" } },
      { ...map, metadata: { ...metadata, name: "other-agent-0123456789" } },
    );
  });
  assert.deepEqual(driftOf(edited.desired, live).map(line), [
    "unexpected ConfigMap other-agent-0123456789",
  ]);
});

test("the last of several writers is named", () => {
  const fields = { "f:spec": { "f:minReadySeconds": {} } };
  const live = served((objects) => {
    const deployment = of(objects, "Deployment");
    deployment.spec.minReadySeconds = 7;
    deployment.metadata.managedFields = [
      written("newer", fields, "2026-02-01T00:00:00Z"),
      written("older", fields),
      written("pulumi-kubernetes-1a2b3c4d", fields, "2026-03-01T00:00:00Z"),
    ];
  });
  assert.equal(driftOf(edited.desired, live)[0]?.by?.manager, "newer");
});

test("a field that was removed has no writer, and an object that is going is missing", () => {
  const live = served((objects) => {
    const deployment = of(objects, "Deployment");
    delete deployment.spec.minReadySeconds;
    deployment.metadata.managedFields = [
      written("pulumi-kubernetes-1a2b3c4d", { "f:spec": { "f:template": {} } }),
      written("kubectl-edit", { "f:spec": { "f:paused": {} } }),
    ];
    of(objects, "Service").metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
  });
  assert.deepEqual(driftOf(edited.desired, live), [
    { kind: "missing", object: "Service fastapi-agent" },
    {
      kind: "changed",
      object: "Deployment fastapi-agent",
      path: "spec.minReadySeconds",
      desired: "2",
    },
  ]);
});

test("all of an object in the place of another is by who made it, also what it lacks", () => {
  const live = served((objects) => {
    const map = of(objects, "ConfigMap");
    delete map.data.API_TIMEOUT;
    map.metadata.managedFields = [
      written("kubectl-label", { "f:metadata": { "f:labels": {} } }, "2026-02-01T00:00:00Z"),
      written("kubectl-create", { "f:data": { "f:LOG_LEVEL": {} } }),
    ];
  });
  assert.deepEqual(driftOf(edited.desired, live).map(line), [
    "changed ConfigMap fastapi-agent-502d01e40d data.API_TIMEOUT kubectl-create",
  ]);
});

test("what only the engine wrote was described by other files then", () => {
  const live = served((objects) => {
    const deployment = of(objects, "Deployment");
    deployment.spec.minReadySeconds = 7;
    deployment.metadata.managedFields = [
      written("pulumi-kubernetes-1a2b3c4d", { "f:spec": { "f:minReadySeconds": {} } }),
    ];
  });
  const [found] = driftOf(edited.desired, live);
  assert.ok(found?.by && isEngine(found.by));
});

test("no value of a Secret is shown, whoever wrote it and wherever", () => {
  const live = served((objects) => {
    const secret = of(objects, "Secret");
    secret.data.OPENAI_API_KEY = "Y2FuYXJ5";
    secret.data.MORE = "Y2FuYXJ5";
    secret.metadata.annotations = { copy: "Y2FuYXJ5" };
    secret.metadata.managedFields = [
      written("kubectl-edit", {
        "f:data": { "f:OPENAI_API_KEY": {}, "f:MORE": {} },
        "f:metadata": { "f:annotations": { "f:copy": {} } },
      }),
    ];
  });
  const drift = driftOf(edited.desired, live);
  assert.equal(drift.length, 3);
  assert.ok(!JSON.stringify(drift).includes("Y2FuYXJ5"));
});
