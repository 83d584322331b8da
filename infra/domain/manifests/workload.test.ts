import assert from "node:assert/strict";
import { test } from "node:test";
import { canary, hashes, objectOf, sampleObjects, sampleStack } from "../test/sample-stack.ts";
import { completeStack } from "./complete.ts";
import { manifests } from "./manifests.ts";
import type { KubernetesObject } from "./object.ts";

const digest = `example.com/proxy@sha256:${"b".repeat(64)}`;

const deployment = (set: readonly string[]) => objectOf(sampleObjects("dev", set), "Deployment");
const podOf = (set: readonly string[]) => deployment(set).spec.template.spec;
const agentOf = (set: readonly string[]) => podOf(set).containers[0];
// dev's quota has no room for a second container at the scale of the sample.
const small = ["replicas.min=1", "replicas.max=2"];
const job = (when: string, more = "") => `jobs.migrate={when: ${when}, command: [migrate]${more}}`;

const fields: readonly (readonly [what: string, got: () => unknown, wanted: unknown])[] = [
  [
    "overrides.terminationGraceSeconds",
    () => podOf(["overrides.terminationGraceSeconds=90"]).terminationGracePeriodSeconds,
    90,
  ],
  [
    "overrides.progressDeadlineSeconds",
    () => deployment(["overrides.progressDeadlineSeconds=400"]).spec.progressDeadlineSeconds,
    400,
  ],
  [
    "overrides.startupPeriodSeconds, whose attempts cover the budget",
    () => {
      const { periodSeconds, failureThreshold } = agentOf([
        "overrides.startupPeriodSeconds=7",
      ]).startupProbe;
      return [periodSeconds, failureThreshold];
    },
    [7, 9],
  ],
  [
    "overrides.maxUnavailable",
    () =>
      objectOf(
        sampleObjects("staging", [
          "replicas.min=3",
          "replicas.max=4",
          "overrides.maxUnavailable=2",
        ]),
        "PodDisruptionBudget",
      ).spec.maxUnavailable,
    2,
  ],
  [
    "secretsAsEnvironment, which may be absent where the need is optional",
    () => agentOf(["secretsAsEnvironment=[OPENAI_API_KEY]"]).env.at(-1).valueFrom.secretKeyRef,
    {
      name: objectOf(sampleObjects("dev"), "Secret").metadata.name,
      key: "OPENAI_API_KEY",
      optional: true,
    },
  ],
  [
    "imagePullSecrets",
    () => podOf(["imagePullSecrets=[registry]"]).imagePullSecrets,
    [{ name: "registry" }],
  ],
  [
    "serviceAccount.annotations",
    () =>
      objectOf(
        sampleObjects("dev", ['serviceAccount={annotations: {"example.com/role": "reader"}}']),
        "ServiceAccount",
      ).metadata.annotations,
    { "example.com/role": "reader" },
  ],
  [
    "volumes of every kind, mounted read-only where they are configuration",
    () => {
      const { volumes, containers } = podOf([
        "volumes={a: {mountPath: /a, size: 1Mi}, b: {mountPath: /b, claim: data}, c: {mountPath: /c, configMap: m}, d: {mountPath: /d, secret: s, readOnly: false}}",
      ]);
      return [volumes.slice(-4), containers[0].volumeMounts.slice(-4)];
    },
    [
      [
        { name: "a", emptyDir: { sizeLimit: "1Mi" } },
        { name: "b", persistentVolumeClaim: { claimName: "data" } },
        { name: "c", configMap: { name: "m", defaultMode: 0o444 } },
        { name: "d", secret: { secretName: "s", defaultMode: 0o440 } },
      ],
      [
        { name: "a", mountPath: "/a" },
        { name: "b", mountPath: "/b" },
        { name: "c", mountPath: "/c", readOnly: true },
        { name: "d", mountPath: "/d" },
      ],
    ],
  ],
  [
    "sidecars as native ones, before the init containers, each group by name",
    () =>
      podOf([
        ...small,
        "sidecars={b: {port: 8090, resources: {limits: {cpu: 100m}}}, a: {resources: {limits: {cpu: 100m}}}}",
        "initContainers={z: {}, y: {}}",
      ]).initContainers.map(({ name, restartPolicy, startupProbe }: Record<string, object>) => [
        name,
        restartPolicy,
        startupProbe && "tcpSocket" in startupProbe ? startupProbe.tcpSocket : undefined,
      ]),
    [
      ["a", "Always", undefined],
      ["b", "Always", { port: 8090 }],
      ["y", undefined, undefined],
      ["z", undefined, undefined],
    ],
  ],
  [
    "a companion's resources as far as it says them, numbers as texts",
    () =>
      podOf(["initContainers={init: {resources: {limits: {cpu: 1}}}}"]).initContainers[0].resources,
    {
      requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "32Mi" },
      limits: { cpu: "1", memory: "64Mi", "ephemeral-storage": "64Mi" },
    },
  ],
  [
    "an ingress, by TLS",
    () =>
      objectOf(
        sampleObjects("dev", [
          "ingress={host: a.example.com, tlsSecret: cert, className: nginx, controllerNamespace: web}",
        ]),
        "Ingress",
      ).spec,
    {
      ingressClassName: "nginx",
      tls: [{ hosts: ["a.example.com"], secretName: "cert" }],
      rules: [
        {
          host: "a.example.com",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "fastapi-agent", port: { name: "http" } } },
              },
            ],
          },
        },
      ],
    },
  ],
  [
    "a route to the listener of a gateway",
    () =>
      objectOf(
        sampleObjects("dev", [
          "route={hosts: [a.example.com], path: /chat, gateway: {name: g, namespace: web, listener: https}}",
        ]),
        "HTTPRoute",
      ).spec,
    {
      parentRefs: [{ name: "g", namespace: "web", sectionName: "https" }],
      hostnames: ["a.example.com"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/chat" } }],
          backendRefs: [{ name: "fastapi-agent", port: 80 }],
        },
      ],
    },
  ],
  [
    "the namespaces of ingress controller and gateway are let in, each once",
    () =>
      objectOf(
        sampleObjects("dev", [
          "ingress={host: a.example.com, tlsSecret: cert, controllerNamespace: web}",
          "route={hosts: [a.example.com], gateway: {name: g, namespace: web, listener: https}}",
        ]),
        "NetworkPolicy",
        "fastapi-agent",
      ).spec.ingress[0].from.filter((peer: object) => "namespaceSelector" in peer),
    [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "web" } } }],
  ],
  [
    "a job's deadline and attempts",
    () => {
      const { spec } = objectOf(
        sampleObjects("dev", [job("before", ", timeoutSeconds: 60, retries: 2")]),
        "Job",
      );
      const { restartPolicy } = spec.template.spec;
      return [spec.activeDeadlineSeconds, spec.backoffLimit, restartPolicy];
    },
    [60, 2, "Never"],
  ],
  ["no signal but the CPU without custom metrics", () => metricOf("dev", {}).resource.name, "cpu"],
  [
    "70 % of what a pod takes at once where the environment has custom metrics",
    () => metricOf("dev", { customMetrics: true }),
    {
      type: "Pods",
      pods: {
        metric: { name: "agent_requests_in_flight" },
        target: { type: "AverageValue", averageValue: "11" },
      },
    },
  ],
];

for (const [what, got, wanted] of fields) {
  test(`objects follow ${what}`, () => assert.deepEqual(got(), wanted));
}

function metricOf(environment: string, change: object) {
  const stack = sampleStack(environment);
  const input = completeStack(
    { ...stack, environment: { ...stack.environment, ...change } },
    { OPENAI_API_KEY: canary },
  );
  return objectOf(manifests(input, hashes), "HorizontalPodAutoscaler").spec.metrics[0];
}

const crowd = [
  ...small,
  "sidecars={proxy: {resources: {limits: {cpu: 100m}}}}",
  "initContainers={prepare: {}}",
  job("before"),
];

/** Every pod of the agent, with all of its containers. */
function pods(objects: readonly KubernetesObject[]) {
  return ["Deployment", "Job"].map((kind) => {
    const { metadata, spec } = objectOf(objects, kind).spec.template;
    return {
      kind,
      metadata,
      spec,
      containers: [...(spec.initContainers ?? []), ...spec.containers],
    };
  });
}

test("every container of every pod is locked as the agent's own is", () => {
  const [agentPod, jobPod] = pods(sampleObjects("dev", crowd));
  assert.ok(agentPod && jobPod);
  const own = agentPod.containers.at(-1);
  const containers = [...agentPod.containers, ...jobPod.containers];
  assert.deepEqual(
    containers.map(({ name }) => name),
    ["proxy", "prepare", "agent", "migrate"],
  );
  for (const container of containers) {
    assert.deepEqual(container.securityContext, own.securityContext, container.name);
    assert.equal(container.terminationMessagePolicy, own.terminationMessagePolicy);
    assert.equal(container.imagePullPolicy, "IfNotPresent");
    assert.match(container.image, /@sha256:/);
    assert.ok(container.resources.limits.memory && container.resources.requests.cpu);
  }
  for (const field of [
    "securityContext",
    "automountServiceAccountToken",
    "serviceAccountName",
    "enableServiceLinks",
    "dnsConfig",
    "volumes",
  ]) {
    assert.deepEqual(jobPod.spec[field], agentPod.spec[field], field);
  }
});

test("a companion runs the agent's image with its secrets, or another one without", () => {
  const init = (image: string) => podOf([`initContainers={init: {${image}}}`]).initContainers[0];
  const own = init("");
  assert.equal(own.image, agentOf([]).image);
  assert.match(JSON.stringify(own), /OPENAI_API_KEY_FILE.*\/run\/secrets\/agent/);
  const other = init(`image: "${digest}"`);
  assert.equal(other.image, digest);
  assert.doesNotMatch(JSON.stringify(other), /OPENAI_API_KEY|\/run\/secrets/);
});

test("a companion has its own settings beside the agent's, and not what the agent is promised", () => {
  const { env, envFrom } = podOf(["initContainers.init={config: {STEP: one}}"]).initContainers[0];
  assert.deepEqual(env.at(-1), { name: "STEP", value: "one" });
  assert.deepEqual(envFrom, agentOf([]).envFrom);
  assert.ok(!env.some(({ name }: { name: string }) => name === "PORT"));
});

test("nothing selects the pods of a job but the NetworkPolicy", () => {
  const objects = sampleObjects("dev", [job("before")]);
  const { labels } = objectOf(objects, "Job").spec.template.metadata;
  const matches = (selector: Record<string, string>) =>
    Object.entries(selector).every(([key, value]) => labels[key] === value);
  assert.ok(!matches(objectOf(objects, "Deployment").spec.selector.matchLabels));
  assert.ok(!matches(objectOf(objects, "Service").spec.selector));
  assert.ok(!matches(objectOf(objects, "PodDisruptionBudget").spec.selector.matchLabels));
  const policy = objectOf(objects, "NetworkPolicy", "fastapi-agent");
  assert.ok(matches(policy.spec.podSelector.matchLabels));
  assert.equal(labels["app.kubernetes.io/component"], "job");
});

test("a job has another name when anything that it runs with is another", () => {
  const name = (set: readonly string[], key = canary) =>
    objectOf(sampleObjects("dev", set, { OPENAI_API_KEY: key }), "Job").metadata.name;
  const first = name([job("before")]);
  assert.match(first, /^fastapi-agent-migrate-[0-9a-f]{10}$/);
  assert.equal(name([job("before"), "replicas.min=1"]), first);
  for (const other of [
    name([job("before", ", args: [up]")]),
    name([job("before"), "config.LOG_LEVEL=ERROR"]),
    name([job("before")], "another key"),
    name([job("before"), "patches=[{kind: Job, reason: r, patch: {spec: {parallelism: 2}}}]"]),
  ]) {
    assert.notEqual(other, first);
  }
});

test("jobs stand before and after the Deployment, and stay when they are done", () => {
  const objects = sampleObjects("dev", [
    ...small,
    "jobs={migrate: {when: before}, warm: {when: after}}",
  ]);
  const order = objects.map(
    ({ kind, metadata }) => metadata.annotations?.["slipway.dev/when"] ?? kind,
  );
  assert.ok(order.indexOf("before") < order.indexOf("Deployment"));
  assert.ok(order.indexOf("after") > order.indexOf("HorizontalPodAutoscaler"));
  assert.doesNotMatch(JSON.stringify(objects), /ttlSecondsAfterFinished/);
});

test("files and the package's prompts come in one ConfigMap that is named by its content", () => {
  const objects = (greeting: string) => {
    const stack = sampleStack("dev", {}, [`files={"/srv/greeting_de.txt": ${greeting}}`]);
    const behaviour = { "model.yaml": "name: m\n", "prompts/system.md": "Be brief." };
    const agents = stack.agents.map((agent) => ({ ...agent, behaviour }));
    return manifests(completeStack({ ...stack, agents }, { OPENAI_API_KEY: canary }), hashes);
  };
  const find = (greeting: string) =>
    objects(greeting).find(({ metadata }) => metadata.name.startsWith("fastapi-agent-files-"));
  const made = find("hello");
  assert.deepEqual(made?.data, {
    "etc__agent__model.yaml": "name: m\n",
    "etc__agent__prompts__system.md": "Be brief.",
    "srv__greeting_.de.txt": "hello",
  });
  assert.notEqual(find("hallo")?.metadata.name, made?.metadata.name);
  const { spec } = objectOf(objects("hello"), "Deployment").spec.template;
  assert.deepEqual(
    spec.containers[0].volumeMounts.filter(({ name }: { name: string }) => name === "files"),
    [
      { name: "files", mountPath: "/etc/agent", subPath: "etc/agent", readOnly: true },
      {
        name: "files",
        mountPath: "/srv/greeting_de.txt",
        subPath: "srv/greeting_de.txt",
        readOnly: true,
      },
    ],
  );
  assert.equal(spec.volumes.at(-1).configMap.name, made?.metadata.name);
});
