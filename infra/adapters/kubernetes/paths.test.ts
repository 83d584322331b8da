import assert from "node:assert/strict";
import { test } from "node:test";
import { listPath, objectPath } from "./paths.ts";

const metadata = { name: "x" };
const namespaced = { ...metadata, namespace: "a" };

test("objects have the paths that the API server serves them at", () => {
  for (const [apiVersion, kind, where, path] of [
    ["v1", "Namespace", metadata, "/api/v1/namespaces/x"],
    ["v1", "ConfigMap", namespaced, "/api/v1/namespaces/a/configmaps/x"],
    ["apps/v1", "Deployment", namespaced, "/apis/apps/v1/namespaces/a/deployments/x"],
    [
      "networking.k8s.io/v1",
      "NetworkPolicy",
      namespaced,
      "/apis/networking.k8s.io/v1/namespaces/a/networkpolicies/x",
    ],
    [
      "networking.k8s.io/v1",
      "Ingress",
      namespaced,
      "/apis/networking.k8s.io/v1/namespaces/a/ingresses/x",
    ],
    [
      "rbac.authorization.k8s.io/v1",
      "ClusterRole",
      { name: "system:x" },
      "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Ax",
    ],
  ] as const) {
    assert.equal(objectPath({ apiVersion, kind, metadata: where }), path);
  }
});

test("a list without a namespace is that of the whole cluster", () => {
  assert.equal(listPath("v1", "Pod"), "/api/v1/pods");
  assert.equal(listPath("v1", "Pod", "a"), "/api/v1/namespaces/a/pods");
});
