import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleStack, sampleTexts } from "../test/sample-stack.ts";

const patch = (change: string, more = "") =>
  `patches=[{kind: Deployment, reason: r, patch: ${change}${more}}]`;

/** Assignments to the values of prod, and what is said about them. */
const contradictions: readonly (readonly [assignment: string, said: RegExp])[] = [
  [
    "overrides.terminationGraceSeconds=30",
    /a task may take 30 s and the drain 5 s, but pods are killed after 30 s; .* 35 or more/,
  ],
  ["overrides.progressDeadlineSeconds=60", /may take 60 s to start .* fails after 60 s/],
  ["overrides.maxUnavailable=3", /\(3\) lets every pod go at once/],
  [
    "resources.limits.ephemeral-storage=64Mi",
    /"resources\.tmp" \(64Mi\) must be less than the limit/,
  ],
  [
    "volumes={cache: {mountPath: /c, size: 200Mi}}",
    /"volumes\.cache" \(64Mi \+ 200Mi\) must be less than the limit on ephemeral-storage \(256Mi\)/,
  ],
  ["volumes={a: {mountPath: /a}}", /needs exactly one of .*, found none/],
  ["volumes={a: {mountPath: /a, size: 1Mi, claim: c}}", /exactly one of .*, found size and claim/],
  ["volumes={tmp: {mountPath: /a, size: 1Mi}}", /"tmp" is the name of a volume that every agent/],
  ["volumes={a: {mountPath: /tmp, size: 1Mi}}", /"\/tmp" is in the way of what every agent has/],
  ["volumes={a: {mountPath: /run/secrets/agent/x, size: 1Mi}}", /at \/run\/secrets\/agent/],
  ["volumes={a: {mountPath: /etc, secret: s}}", /"\/etc" is in the way of .* at \/etc\/agent/],
  [
    "volumes={a: {mountPath: /d, size: 1Mi}, b: {mountPath: /d, size: 1Mi}}",
    /"\/d" is in the way of another mount at \/d/,
  ],
  ["volumes={a: {mountPath: /a/../b, size: 1Mi}}", /must be an absolute path without/],
  ['files={"/etc/agent/x": text}', /"\/etc\/agent\/x" is in the way/],
  [
    'files={"/srv/x": "key: sk-0123456789abcdef0123"}',
    /\/srv\/x, line 1: holds a key of a model API/,
  ],
  ["secretsAsEnvironment=[OTHER]", /names OTHER, but "secrets" does not/],
  ["secretsAsEnvironment=[OPENAI_API_KEY, OPENAI_API_KEY]", /names OPENAI_API_KEY twice/],
  ["sidecars={agent: {}}", /"agent" is the name of the agent's own container/],
  ["sidecars={a: {port: 8001}}", /is 8001, which is the port of the agent's drain hook/],
  ["sidecars={a: {port: 9000}, b: {port: 9000}}", /is the port of the sidecar a/],
  ["sidecars={a: {port: 80}}", /must be a port from 1024/],
  ["sidecars={a: {image: proxy:latest}}", /must be an image by digest/],
  [
    "sidecars={a: {config: {API_TOKEN: x}}}",
    /"sidecars\.a\.config\.API_TOKEN" looks like a secret/,
  ],
  [
    "jobs={a: {when: before, resources: {requests: {memory: 1Gi}}}}",
    /"jobs\.a\.resources\.requests\.memory" \(1Gi\) is more than the limit \(64Mi\)/,
  ],
  [patch("{ spec: { selector: null } }"), /must not change spec\.selector of a Deployment/],
  [patch("{ metadata: { name: x } }"), /must not change metadata\.name/],
  [patch("{ metadata: { labels: null } }"), /must not change metadata\.labels\.app/],
  [patch("{ spec: { template: { metadata: null } } }"), /spec\.template\.metadata\.labels/],
  [
    "patches=[{kind: Deploiment, reason: r, patch: {}}]",
    /no Deploiment; did you mean "Deployment"/,
  ],
  ["patches=[{kind: Ingress, reason: r, patch: {}}]", /the agent has no Ingress; it has Service/],
  ["patches=[{kind: Secret, reason: r, patch: {}}]", /a patch must not change a Secret/],
  [
    "patches=[{kind: ConfigMap, reason: r, patch: {data: {}}}]",
    /its name is a hash of its content/,
  ],
  ["patches=[{kind: Service, name: x, reason: r, patch: {}}]", /no Service "x"; there is fastapi/],
];

for (const [assignment, said] of contradictions) {
  test(`${assignment} is refused and explains itself`, () => {
    assert.throws(() => sampleStack("prod", {}, [assignment]), {
      code: "invalid-input",
      message: said,
    });
  });
}

test("a ten-minute task does not fit into a grace period of thirty seconds", () => {
  const file = "infra/packages/fastapi-agent/package.yaml";
  const values = "stacks/prod/fastapi-agent/values.yaml";
  const changes = {
    [values]: "replicas: { min: 3, max: 4 }\noverrides:\n  terminationGraceSeconds: 30\n",
    [file]: (sampleTexts()[file] ?? "").replace(
      "longestTaskSeconds: 30",
      "longestTaskSeconds: 600",
    ),
  };
  assert.throws(() => sampleStack("prod", changes), {
    message: /values\.yaml:3:3: a task may take 600 s and the drain 5 s, but pods are killed/,
  });
});

const worker = sampleTexts()["infra/packages/queue-worker/package.yaml"] ?? "";

for (const [key, value] of [
  ["service", "{ port: 8080 }"],
  ["ingress", "{ host: a.example.com, tlsSecret: cert, controllerNamespace: web }"],
  ["route", "{ hosts: [a.example.com], gateway: { name: g, namespace: web, listener: l } }"],
]) {
  test(`"${key}" cannot lead to an agent that serves nobody`, () => {
    assert.match(worker, /^name: queue-worker$/m);
    const changes = { "stacks/prod/queue-worker/values.yaml": `${key}: ${value}\n` };
    assert.throws(() => sampleStack("prod", changes), {
      message: new RegExp(`values\\.yaml:1:1: "${key}" leads to an agent that has no "port"`),
    });
  });
}
