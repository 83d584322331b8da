import assert from "node:assert/strict";
import { test } from "node:test";
import { environments, objectOf, sampleObjects } from "../test/sample-stack.ts";
import { checkObject, refuseObjects } from "./check.ts";
import { fieldsOf } from "./fields.ts";
import { kinds, minors, types } from "./types.generated.ts";

// biome-ignore lint/suspicious/noExplicitAny: the tests break objects in every way.
type Any = any;

const objects = sampleObjects("prod");

function messages(kind: string, change: (object: Any) => void, version = "1.34") {
  const object = objectOf(objects, kind, kind === "NetworkPolicy" ? "default-deny" : undefined);
  change(object);
  return checkObject(object, version).map(({ message }) => message);
}

test("the objects of every environment fit every version", () => {
  for (const environment of environments) {
    for (const minor of minors) refuseObjects(sampleObjects(environment), `1.${minor}`);
  }
});

test("an unknown field is refused with what was meant, wherever it is", () => {
  assert.deepEqual(
    messages("Deployment", ({ spec }) => {
      spec.template.spec.containers[0].imagePullPolice = "Always";
      spec.replica = 2;
    }),
    [
      'Kubernetes knows no field "spec.template.spec.containers.0.imagePullPolice"; did you mean "imagePullPolicy"?',
      'Kubernetes knows no field "spec.replica"; did you mean "replicas"?',
    ],
  );
});

const broken: readonly (readonly [string, (object: Any) => void, string])[] = [
  [
    "Deployment",
    ({ spec }) => {
      spec.minReadySeconds = "2";
    },
    '"spec.minReadySeconds" must be a whole number, found "2"',
  ],
  [
    "Deployment",
    ({ spec }) => {
      spec.template.spec.containers = {};
    },
    '"spec.template.spec.containers" must be a list, found a map of keys',
  ],
  [
    "Deployment",
    ({ spec }) => {
      delete spec.selector;
    },
    '"spec.selector" is missing',
  ],
  [
    "Deployment",
    (object) => {
      delete object.spec;
    },
    '"spec.selector" is missing',
  ],
  [
    "Deployment",
    ({ metadata }) => {
      metadata.labels.count = 3;
    },
    '"metadata.labels.count" must be text, found 3',
  ],
  [
    "Deployment",
    ({ metadata }) => {
      delete metadata.name;
    },
    '"metadata.name" is missing',
  ],
  [
    "Deployment",
    ({ spec }) => {
      spec.template.spec.containers[0].resources.limits.memory = "1 GB";
    },
    '"spec.template.spec.containers.0.resources.limits.memory" must be a quantity such as 500m or 1Gi, found "1 GB"',
  ],
  [
    "Deployment",
    ({ spec }) => {
      spec.strategy.type = "Rolling";
    },
    '"spec.strategy.type" must be one of Recreate, RollingUpdate, found "Rolling"',
  ],
  [
    "Deployment",
    ({ spec }) => {
      spec.strategy.rollingUpdate.maxSurge = 0.5;
    },
    '"spec.strategy.rollingUpdate.maxSurge" must be a whole number or text, found 0.5',
  ],
  [
    "Service",
    ({ spec }) => {
      spec.ports[0].protocol = "tcp";
    },
    '"spec.ports.0.protocol" must be one of SCTP, TCP, UDP, found "tcp"; did you mean "TCP"?',
  ],
  [
    "ConfigMap",
    (object) => {
      object.data = ["a"];
    },
    '"data" must be a map of keys, found a list',
  ],
  [
    "ConfigMap",
    (object) => {
      object.data.X = "y".repeat(500);
      object.immutable = object.data.X;
    },
    `"immutable" must be true or false, found "${"y".repeat(56)}..."`,
  ],
  [
    "PodDisruptionBudget",
    (object) => {
      object.apiVersion = "policy/v1beta1";
    },
    "policy/v1beta1 PodDisruptionBudget was removed in Kubernetes 1.25; write policy/v1",
  ],
  [
    "HorizontalPodAutoscaler",
    (object) => {
      object.apiVersion = "autoscaling/v2beta2";
    },
    "autoscaling/v2beta2 HorizontalPodAutoscaler was removed in Kubernetes 1.26; write autoscaling/v2",
  ],
  [
    "Deployment",
    (object) => {
      object.apiVersion = "apps/v2";
    },
    'Deployment is not served as "apps/v2", but as apps/v1',
  ],
  [
    "Deployment",
    (object) => {
      object.kind = "DaemonSet";
    },
    "apps/v1 DaemonSet is no object that Slipway makes",
  ],
];

for (const [kind, change, expected] of broken) {
  test(`refused: ${expected.slice(0, 90)}`, () => {
    assert.ok(messages(kind, change).includes(expected), messages(kind, change).join("\n"));
  });
}

test("a field is known from the version on that brought it, and no longer than to the last", () => {
  const resize = ({ spec }: Any) => {
    spec.template.spec.resources = { limits: { cpu: "1" } };
  };
  assert.deepEqual(messages("Deployment", resize, "1.34"), []);
  assert.deepEqual(messages("Deployment", resize, "1.30"), [
    'Kubernetes knows the field "spec.template.spec.resources" only from 1.32 on, not in 1.30',
  ]);
});

test("null counts as absent", () => {
  assert.deepEqual(
    messages("Deployment", ({ spec }) => {
      spec.paused = null;
    }),
    [],
  );
  assert.deepEqual(
    messages("Deployment", ({ spec }) => {
      spec.selector = null;
    }),
    ['"spec.selector" is missing'],
  );
});

test("versions beyond the known ones are checked as the nearest", () => {
  for (const version of ["1.20", "1.99"])
    assert.deepEqual(
      messages("Deployment", () => {}, version),
      [],
    );
});

test("an API that an older cluster still serves is refused only where it is gone", () => {
  const flow: Any = {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1beta3",
    kind: "FlowSchema",
    metadata: { name: "x" },
  };
  assert.match(
    checkObject(flow, "1.32")[0]?.message ?? "",
    /was removed in Kubernetes 1\.32; write/,
  );
  assert.match(checkObject(flow, "1.31")[0]?.message ?? "", /no object that Slipway makes/);
});

test("an HTTPRoute is checked by the schema of the Gateway API", () => {
  const route: Any = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "x" },
    spec: {
      parentRefs: [{ name: "gateway" }],
      rules: [{ backendRefs: [{ name: "x", port: "80" }] }],
    },
  };
  assert.deepEqual(
    checkObject(route, "1.34").map(({ message }) => message),
    ['"spec.rules.0.backendRefs.0.port" must be a whole number, found "80"'],
  );
});

test("every type that a field or a kind names is there, and can be read", () => {
  const primitives = [
    "any",
    "string",
    "boolean",
    "integer",
    "number",
    "time",
    "quantity",
    "intOrString",
  ];
  const named = Object.keys(types).flatMap((type) =>
    [...(fieldsOf(type) ?? [])].map(([, field]) => field.type),
  );
  for (const type of [...named, ...Object.values(kinds)]) {
    const bare = type.replace(/^(\[\]|\{\})+/, "");
    assert.ok(primitives.includes(bare) || bare.startsWith("(") || types[bare], type);
  }
  assert.ok(named.length > 700);
});
