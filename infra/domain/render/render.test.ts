import assert from "node:assert/strict";
import { test } from "node:test";
import { planStack } from "../stack/plan.ts";
import {
  canary,
  environments,
  hashes,
  sampleObjects,
  sampleStack,
  sampleTexts,
} from "../test/sample-stack.ts";
import { renderStream } from "./document.ts";
import { renderStack } from "./render.ts";
import { secretVersions } from "./secret-versions.ts";

const values = "stacks/dev/fastapi-agent/values.yaml";

test("the rendered objects are those of a deployment, without its Secrets", () => {
  for (const environment of environments) {
    const deployed = sampleObjects(environment);
    const { objects } = renderStack(sampleStack(environment), {
      secretVersions: secretVersions(deployed),
      sha256: hashes.config,
    });
    assert.deepEqual(
      objects,
      deployed.filter(({ kind }) => kind !== "Secret"),
    );
  }
});

test("a Secret has the name that the last deployment recorded, or says that there is none", () => {
  const nameWith = (versions: Record<string, string>) =>
    renderStack(sampleStack("dev"), { secretVersions: versions, sha256: hashes.config }).secrets;
  const keys = [{ key: "OPENAI_API_KEY", need: "optional" }];
  const namespace = "agents-dev";
  assert.deepEqual(nameWith({ "fastapi-agent": "0123456789" }), [
    { namespace, name: "fastapi-agent-0123456789", keys },
  ]);
  assert.deepEqual(nameWith({}), [{ namespace, name: "fastapi-agent-unset", keys }]);
});

test("two agents with the same secrets have each their own version", () => {
  const texts = sampleTexts();
  const copies = Object.entries(texts).map(([file, text]) => [
    file.replaceAll("fastapi-agent", "other-agent"),
    text.replaceAll("fastapi-agent", "other-agent").replace("nodePort: 30080", "nodePort: 30081"),
  ]);
  const quota = texts["stacks/pipeline.yaml"]?.replaceAll(/limits.cpu: \d+/g, "limits.cpu: 60");
  const all = { ...Object.fromEntries(copies), ...texts, "stacks/pipeline.yaml": quota ?? "" };
  const stack = planStack({
    environment: "dev",
    texts: all,
    set: ["replicas.min=1", "replicas.max=2", "secrets.OPENAI_API_KEY=required"],
  });
  const { secrets } = renderStack(stack, {
    secretVersions: { "fastapi-agent": "a1", "other-agent": "b2" },
    sha256: hashes.config,
  });
  assert.deepEqual(
    secrets.map(({ name }) => name),
    ["fastapi-agent-a1", "other-agent-b2"],
  );
});

test("every Secret that a pod or an Ingress names is listed with the keys that are known", () => {
  const extra = [
    "imagePullSecrets: [registry]",
    "volumes: { certs: { mountPath: /certs, secret: own-certs } }",
    "ingress: { host: a.example.com, tlsSecret: own-tls, controllerNamespace: ingress }",
    "",
  ].join("\n");
  const text = `${sampleTexts()[values]}${extra}`;
  const { secrets } = renderStack(sampleStack("dev", { [values]: text }), {
    secretVersions: {},
    sha256: hashes.config,
  });
  assert.deepEqual(
    secrets.map(({ name, keys }) => [name, keys.map(({ key }) => key)]),
    [
      ["fastapi-agent-unset", ["OPENAI_API_KEY"]],
      ["own-certs", []],
      ["own-tls", []],
      ["registry", [".dockerconfigjson"]],
    ],
  );
});

test("one agent alone is rendered without the objects of the stack", () => {
  const options = { secretVersions: {}, sha256: hashes.config };
  const { objects } = renderStack(sampleStack("dev"), { ...options, agent: "fastapi-agent" });
  assert.ok(objects.some(({ kind }) => kind === "Deployment"));
  assert.ok(!objects.some(({ kind }) => kind === "Namespace"));
  assert.throws(() => renderStack(sampleStack("dev"), { ...options, agent: "fastapi-agnt" }), {
    code: "unknown-agent",
    message: /did you mean "fastapi-agent"/,
  });
});

test("an agent that was never released is refused with what releases it", () => {
  const { "stacks/dev/fastapi-agent/release.json": _, ...texts } = sampleTexts();
  const stack = planStack({ environment: "dev", texts });
  assert.throws(() => renderStack(stack, { secretVersions: {}, sha256: hashes.config }), {
    code: "no-release",
    hint: "npx slipway build fastapi-agent",
  });
});

test("a patch that the API server would refuse is refused", () => {
  const patch = `patches: [{ kind: Deployment, reason: test, patch: { spec: { replica: 3 } } }]\n`;
  const stack = sampleStack("dev", { [values]: `${sampleTexts()[values]}${patch}` });
  assert.throws(() => renderStack(stack, { secretVersions: {}, sha256: hashes.config }), {
    code: "invalid-input",
    message:
      /Deployment fastapi-agent: Kubernetes knows no field "spec\.replica"; did you mean "replicas"/,
  });
});

test("the stream begins with the Secrets that have to be there, and holds no secret", () => {
  const stack = sampleStack("dev");
  const rendering = renderStack(stack, { secretVersions: {}, sha256: hashes.config });
  const text = [...renderStream(rendering)].join("");
  assert.match(
    text,
    /^# The stack dev for Kubernetes 1\.\d+\.\n# These Secrets .*\n# {3}agents-dev\/fastapi-agent-unset: OPENAI_API_KEY \(optional\)\n---\n/,
  );
  assert.doesNotMatch(text, new RegExp(`kind: Secret\\b|${canary}|${btoa(canary)}`));
});
