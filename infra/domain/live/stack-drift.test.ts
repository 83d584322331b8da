import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "../manifests/object.ts";
import { stackDrift } from "./stack-drift.ts";

const secret = (name: string, extra: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "agents-dev", labels: {} },
  ...extra,
});

const needed = (name: string) => ({ namespace: "agents-dev", name, keys: [] });

const described = {
  objects: [secret("agent-0123456789")],
  secrets: [needed("agent-0123456789"), needed("registry-account")],
};

test("a Secret of others is nobody's drift, whatever it holds and whoever made it", () => {
  const account = secret("registry-account", { type: "kubernetes.io/dockerconfigjson", data: {} });
  assert.deepEqual(stackDrift(described, [secret("agent-0123456789"), account]), []);
});

test("a Secret of others that is not there is missing, and so is one of the stack", () => {
  assert.deepEqual(stackDrift(described, []), [
    { kind: "missing", object: "Secret agent-0123456789" },
    { kind: "missing", object: "Secret registry-account" },
  ]);
});

test("a Secret that nothing needs is in no file", () => {
  const [found, ...others] = stackDrift(described, [
    secret("agent-0123456789"),
    secret("registry-account"),
    secret("mine"),
  ]);
  assert.deepEqual(found, { kind: "unexpected", object: "Secret mine" });
  assert.deepEqual(others, []);
});
