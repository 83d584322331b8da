import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../adapters/paths.ts";
import { canary, environments, objectOf, sampleObjects } from "../test/sample-stack.ts";

const golden = join(root, "infra/domain/manifests/golden");

for (const environment of environments) {
  // UPDATE_GOLDEN=1 writes the files anew; their diff is then part of the review.
  test(`the objects of ${environment} are the ones that were reviewed`, () => {
    const text = `${JSON.stringify(sampleObjects(environment), null, 2)}\n`;
    const file = join(golden, `${environment}.json`);
    if (process.env.UPDATE_GOLDEN) {
      mkdirSync(golden, { recursive: true });
      writeFileSync(file, text);
    }
    assert.equal(text, readFileSync(file, "utf8"));
  });
}

test("objects come in the order in which they can be applied", () => {
  assert.deepEqual(
    sampleObjects("dev").map(
      ({ kind, metadata }) => `${kind} ${metadata.name.replace(/-[0-9a-f]{10}$/, "-<hash>")}`,
    ),
    [
      "Namespace agents-dev",
      "ResourceQuota stack-quota",
      "LimitRange container-limits",
      "NetworkPolicy default-deny",
      "ServiceAccount fastapi-agent",
      "ConfigMap fastapi-agent-<hash>",
      "Secret fastapi-agent-<hash>",
      "NetworkPolicy fastapi-agent",
      "Service fastapi-agent",
      "Deployment fastapi-agent",
      "PodDisruptionBudget fastapi-agent",
      "HorizontalPodAutoscaler fastapi-agent",
    ],
  );
});

test("a changed setting or secret changes a name and with it the pods; nothing else does", () => {
  const names = (set: readonly string[], key = canary) => {
    const objects = sampleObjects("dev", set, { OPENAI_API_KEY: key });
    const { spec } = objectOf(objects, "Deployment").spec.template;
    const mounted = spec.volumes.find(({ name }: { name: string }) => name === "secrets");
    return {
      config: spec.containers[0].envFrom[0].configMapRef.name,
      secret: mounted.secret.secretName,
      made: [objectOf(objects, "ConfigMap"), objectOf(objects, "Secret")].map(
        ({ metadata }) => metadata.name,
      ),
    };
  };
  const before = names([]);
  assert.deepEqual(before.made, [before.config, before.secret]);
  assert.deepEqual(names(["service.nodePort=30081"]), before);
  const setting = names(["config.LOG_LEVEL=ERROR"]);
  assert.notEqual(setting.config, before.config);
  assert.equal(setting.secret, before.secret);
  const rotated = names([], "another key");
  assert.notEqual(rotated.secret, before.secret);
  assert.equal(rotated.config, before.config);
});

test("a secret stands in its Secret and nowhere else", () => {
  const objects = sampleObjects("dev");
  const encoded = Buffer.from(canary).toString("base64");
  assert.equal(objectOf(objects, "Secret").data.OPENAI_API_KEY, encoded);
  const others = JSON.stringify(objects.filter(({ kind }) => kind !== "Secret"));
  assert.ok(!others.includes(canary) && !others.includes(encoded));
});

test("a secret with characters beyond ASCII arrives as UTF-8", () => {
  const objects = sampleObjects("dev", [], { OPENAI_API_KEY: "pässwörd €" });
  const { data } = objectOf(objects, "Secret");
  assert.equal(Buffer.from(data.OPENAI_API_KEY, "base64").toString("utf8"), "pässwörd €");
});

test("an agent that declares no secret has no Secret, no mount and no variable for one", () => {
  const objects = sampleObjects("dev", ["secrets.OPENAI_API_KEY=null"], {});
  assert.ok(!objects.some(({ kind }) => kind === "Secret"));
  assert.doesNotMatch(JSON.stringify(objectOf(objects, "Deployment")), /secrets|OPENAI/);
});

test("declared secrets that are absent make an empty Secret, and the agent is told where to look", () => {
  const objects = sampleObjects("dev", [], {});
  assert.equal("data" in objectOf(objects, "Secret"), false);
  const { env } = objectOf(objects, "Deployment").spec.template.spec.containers[0];
  assert.deepEqual(env.at(-1), {
    name: "OPENAI_API_KEY_FILE",
    value: "/run/secrets/agent/OPENAI_API_KEY",
  });
});

test("times follow from what the package promises", () => {
  const { spec } = objectOf(sampleObjects("dev"), "Deployment");
  const [container] = spec.template.spec.containers;
  const { startupProbe } = container;
  assert.equal(startupProbe.periodSeconds * startupProbe.failureThreshold, 60);
  assert.equal(spec.template.spec.terminationGracePeriodSeconds, 5 + 30 + 10);
  assert.equal(spec.progressDeadlineSeconds, 60 + 120);
  assert.ok(spec.progressDeadlineSeconds > spec.minReadySeconds);
});
