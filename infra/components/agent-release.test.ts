import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { environments, objectOf, sampleObjects } from "../domain/test/sample-stack.ts";
import { AgentNamespace } from "./agent-namespace.ts";
import { AgentRelease } from "./agent-release.ts";
import { type MockResource, mockStack } from "./testing/mock-stack.ts";

const agent = "fastapi-agent";

/** Registers the objects of a stack as the deploy program does, without a provider. */
async function register(objects: readonly KubernetesObject[]) {
  const isOwn = ({ metadata }: KubernetesObject) =>
    metadata.labels["app.kubernetes.io/instance"] !== undefined;
  const { resources } = await mockStack(() => {
    const shared = objects.filter((object) => !isOwn(object));
    const namespace = new AgentNamespace("agents", { objects: shared }, {});
    new AgentRelease(agent, { objects: objects.filter(isOwn) }, { dependsOn: namespace });
    return {};
  });
  return resources;
}

const kindOf = ({ type }: MockResource) => type.split(":").at(-1) ?? type;

const isObject = ({ type }: MockResource) => type.startsWith("kubernetes:");

/** The registered object of a kind that belongs to the agent. */
async function registered(kind: string, objects = sampleObjects("dev")): Promise<MockResource> {
  const resources = [...(await register(objects)).values()];
  const found = resources.find((one) => kindOf(one) === kind && one.name === agent);
  assert.ok(found, `no ${kind} is registered`);
  return found;
}

/** Types and names of the ancestors in a parent's URN. */
const parentOf = ({ options }: MockResource) =>
  String(options.parent)
    .split("::")
    .slice(2)
    .join(" ")
    .replace(/^pulumi:pulumi:Stack\$/, "");

const urnsOf = (list: unknown) => (list as string[]).map((urn) => urn.split("::").slice(-2));

for (const environment of environments) {
  test(`exactly the objects of ${environment} are registered, as they are`, async () => {
    const objects = sampleObjects(environment);
    const resources = [...(await register(objects)).values()].filter(isObject);
    const got = resources.map(({ inputs }) => inputs as unknown as KubernetesObject);
    assert.equal(got.length, objects.length);
    for (const object of objects) {
      const found = got.find(
        ({ kind, metadata }) => kind === object.kind && metadata.name === object.metadata.name,
      );
      assert.deepEqual(withoutNotes(found), object);
    }
  });
}

/** All that is added, for the engine alone. */
function withoutNotes(object: KubernetesObject | undefined): unknown {
  if (object === undefined) return object;
  const { annotations, ...metadata } = object.metadata;
  const {
    "pulumi.com/patchFieldManager": manager,
    "pulumi.com/skipAwait": skip,
    ...others
  } = annotations ?? {};
  assert.equal(manager, "pulumi-kubernetes-slipway");
  assert.equal(skip, object.kind === "Service" ? "true" : undefined);
  const kept = Object.keys(others).length > 0 ? { annotations: others } : {};
  return { ...object, metadata: { ...metadata, ...kept } };
}

test("each object has the type of its API version and the parent that it belongs to", async () => {
  const resources = [...(await register(sampleObjects("dev"))).values()];
  const namespace = "slipway:index:AgentNamespace agents";
  const release = `slipway:index:AgentRelease ${agent}`;
  const service = `slipway:index:AgentRelease$slipway:index:AgentService ${agent}`;
  assert.deepEqual(
    Object.fromEntries(
      resources.filter(isObject).map((one) => [`${one.type} ${one.name}`, parentOf(one)]),
    ),
    {
      "kubernetes:core/v1:Namespace agents": namespace,
      "kubernetes:core/v1:ResourceQuota stack-quota": namespace,
      "kubernetes:core/v1:LimitRange container-limits": namespace,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy default-deny": namespace,
      [`kubernetes:core/v1:ServiceAccount ${agent}`]: release,
      [`kubernetes:core/v1:ConfigMap ${agent}`]: release,
      [`kubernetes:core/v1:Secret ${agent}`]: release,
      [`kubernetes:networking.k8s.io/v1:NetworkPolicy ${agent}`]: release,
      [`kubernetes:core/v1:Service ${agent}`]: service,
      [`kubernetes:apps/v1:Deployment ${agent}`]: service,
      [`kubernetes:policy/v1:PodDisruptionBudget ${agent}`]: service,
      [`kubernetes:autoscaling/v2:HorizontalPodAutoscaler ${agent}`]: service,
    },
  );
});

test("new content changes the name of an object and never the name in the state", async () => {
  const before = await register(sampleObjects("dev"));
  const changed = sampleObjects("dev", ["config.LOG_LEVEL=ERROR"], { OPENAI_API_KEY: "another" });
  const after = await register(changed);
  assert.deepEqual([...after.keys()], [...before.keys()]);
  for (const kind of ["ConfigMap", "Secret"]) {
    const nameIn = (resources: typeof before) => {
      const inputs = resources.get(`kubernetes:core/v1:${kind}::${agent}`)?.inputs;
      return (inputs as KubernetesObject | undefined)?.metadata.name;
    };
    assert.notEqual(nameIn(before), nameIn(after));
  }
});

test("replaced ConfigMaps and Secrets stay in the cluster for a rollback, and nothing else does", async () => {
  const resources = [...(await register(sampleObjects("dev"))).values()];
  const retained = resources.filter(({ options }) => options.retainondelete).map(kindOf);
  assert.deepEqual(retained.sort(), ["ConfigMap", "Secret"]);
});

test("the data of a Secret is a secret to the engine, in the inputs and in the state", async () => {
  const { inputs, secrets, options } = await registered("Secret");
  assert.deepEqual(secrets, ["data"]);
  assert.ok((options.additionalsecretoutputsList as string[]).includes("data"));
  assert.deepEqual(inputs.data, objectOf(sampleObjects("dev"), "Secret").data);
});

test("no other object holds a secret", async () => {
  const resources = [...(await register(sampleObjects("dev"))).values()];
  const holders = resources.filter(({ secrets }) => secrets.length > 0);
  assert.deepEqual(holders.map(kindOf), ["Secret"]);
});

test("a Secret without values has no data, as the API server would have it", async () => {
  const { inputs } = await registered("Secret", sampleObjects("dev", [], {}));
  assert.ok(!("data" in inputs));
});

test("the Deployment comes after all that its pods need", async () => {
  const { options } = await registered("Deployment");
  const needed = urnsOf(options.dependenciesList).map(([type = "", name]) => [
    type.split(":").at(-1),
    name,
  ]);
  assert.deepEqual(
    needed.sort(),
    ["ConfigMap", "NetworkPolicy", "Secret", "ServiceAccount"].map((kind) => [kind, agent]),
  );
});

const everything = [
  "replicas.min=1",
  "replicas.max=2",
  "jobs={migrate: {when: before, timeoutSeconds: 60}, warm: {when: after}}",
  'files={"/srv/x": text}',
  "ingress={host: a.example.com, tlsSecret: cert, controllerNamespace: web}",
  "route={hosts: [a.example.com], gateway: {name: g, namespace: web, listener: https}}",
];

test("jobs run around the rollout, one before it and one when it is done", async () => {
  const resources = await register(sampleObjects("dev", everything));
  const needs = (type: string, name: string) =>
    urnsOf(resources.get(`${type}::${name}`)?.options.dependenciesList).map(([, one]) => one);
  const job = "kubernetes:batch/v1:Job";
  assert.ok(needs(job, `${agent}.migrate`).includes(`${agent}.files`));
  assert.ok(needs("kubernetes:apps/v1:Deployment", agent).includes(`${agent}.migrate`));
  assert.ok(needs(job, `${agent}.warm`).includes(agent));
  assert.ok(!needs("kubernetes:apps/v1:Deployment", agent).includes(`${agent}.warm`));
});

test("a job is removed before it is made anew, and awaited a little longer than it may take", async () => {
  const resources = await register(sampleObjects("dev", everything));
  const { options } = resources.get(`kubernetes:batch/v1:Job::${agent}.migrate`) ?? assert.fail();
  assert.equal(options.deletebeforereplace, true);
  assert.equal((options.customtimeouts as { create: string }).create, "75s");
});

test("nobody waits for an address from outside", async () => {
  const resources = await register(sampleObjects("dev", everything));
  for (const type of ["networking.k8s.io/v1:Ingress", "gateway.networking.k8s.io/v1:HTTPRoute"]) {
    const { inputs } = resources.get(`kubernetes:${type}::${agent}`) ?? assert.fail(type);
    const { metadata } = inputs as unknown as KubernetesObject;
    assert.equal(metadata.annotations?.["pulumi.com/skipAwait"], "true");
  }
});

test("what decides the number of pods waits for nothing, so that it is there when they start", async () => {
  for (const kind of ["Service", "PodDisruptionBudget", "HorizontalPodAutoscaler"]) {
    assert.deepEqual(urnsOf((await registered(kind)).options.dependenciesList), [], kind);
  }
});

test("the number of pods is left to the autoscaler", async () => {
  const { inputs, options } = await registered("Deployment");
  assert.deepEqual(options.ignorechangesList, ["spec.replicas"]);
  assert.ok(!("replicas" in (inputs.spec as object)));
});

test("the engine waits for the rollout a little longer than Kubernetes does", async () => {
  const { inputs, options } = await registered("Deployment");
  const { progressDeadlineSeconds } = inputs.spec as { progressDeadlineSeconds: number };
  const { create, update } = options.customtimeouts as { create: string; update: string };
  assert.deepEqual(
    [create, update],
    [`${progressDeadlineSeconds + 15}s`, `${progressDeadlineSeconds + 15}s`],
  );
});

test("the bounds of a namespace come after it, and the release after both", async () => {
  const resources = await register(sampleObjects("dev"));
  const quota = resources.get("kubernetes:core/v1:ResourceQuota::stack-quota");
  assert.deepEqual(
    urnsOf(quota?.options.dependenciesList).map(([, name]) => name),
    ["agents"],
  );
  const order = [...resources.keys()];
  const position = (key: string) => order.indexOf(key);
  assert.ok(
    position("kubernetes:networking.k8s.io/v1:NetworkPolicy::default-deny") <
      position(`slipway:index:AgentRelease::${agent}`),
  );
});

test("a stack without a Namespace is refused", async () => {
  await assert.rejects(
    mockStack(() => {
      new AgentNamespace("agents", { objects: [] }, {});
      return {};
    }),
    /without a Namespace/,
  );
});
