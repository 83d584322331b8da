import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../../infra/adapters/paths.ts";
import { run } from "../../infra/adapters/process.ts";
import { addCustomResource } from "./custom-resource.ts";
import { renderFields, type Types } from "./fields.ts";
import { addTypes, readEnums } from "./swagger.ts";

// Writes infra/domain/kubernetes/types.generated.ts from the API descriptions that Kubernetes and the Gateway
// API publish in their Go modules:
//
//   node --import tsx scripts/kubernetes-schema/generate.ts

/** A patch release of each minor version. */
const releases = [
  "1.30.14",
  "1.31.14",
  "1.32.13",
  "1.33.13",
  "1.34.4",
  "1.35.4",
  "1.36.3",
  "1.37.2",
];

const gatewayApi = "1.4.1";

/** The API definition of each kind that Slipway makes. */
const kinds: Readonly<Record<string, string>> = {
  "v1/Namespace": "io.k8s.api.core.v1.Namespace",
  "v1/ResourceQuota": "io.k8s.api.core.v1.ResourceQuota",
  "v1/LimitRange": "io.k8s.api.core.v1.LimitRange",
  "v1/ServiceAccount": "io.k8s.api.core.v1.ServiceAccount",
  "v1/ConfigMap": "io.k8s.api.core.v1.ConfigMap",
  "v1/Secret": "io.k8s.api.core.v1.Secret",
  "v1/Service": "io.k8s.api.core.v1.Service",
  "apps/v1/Deployment": "io.k8s.api.apps.v1.Deployment",
  "batch/v1/Job": "io.k8s.api.batch.v1.Job",
  "policy/v1/PodDisruptionBudget": "io.k8s.api.policy.v1.PodDisruptionBudget",
  "autoscaling/v2/HorizontalPodAutoscaler": "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
  "networking.k8s.io/v1/NetworkPolicy": "io.k8s.api.networking.v1.NetworkPolicy",
  "networking.k8s.io/v1/Ingress": "io.k8s.api.networking.v1.Ingress",
};

/** Fields that the API server misses although the published schema does not say so. */
const alsoRequired = [
  "ConfigMapEnvSource.name",
  "Container.image",
  "PodDNSConfigOption.name",
  "PodTemplateSpec.spec",
  "SecretEnvSource.name",
  "SecretVolumeSource.secretName",
  "ServiceSpec.ports",
];

/** Choices that the API server offers although the published schema does not say so. */
const alsoChoices: Readonly<Record<string, string>> = {
  "HPAScalingPolicy.type": "(Percent|Pods)",
  "MetricTarget.type": "(AverageValue|Utilization|Value)",
};

const types: Types = new Map();
for (const release of releases) {
  const folder = await download("k8s.io/kubernetes", release);
  const { definitions } = JSON.parse(await read(folder, "api/openapi-spec/swagger.json"));
  const enums = readEnums(await read(folder, "pkg/generated/openapi/zz_generated.openapi.go"));
  addTypes(types, minorOf(release), { definitions, enums, roots: Object.values(kinds) });
}
await addHttpRoute();
for (const name of alsoRequired) findField(name).required = true;
for (const [name, choices] of Object.entries(alsoChoices)) findField(name).type = choices;
await writeFile(join(root, "infra/domain/kubernetes/types.generated.ts"), render());

function findField(name: string) {
  const [type = "", field = ""] = name.split(".");
  const found = types.get(type)?.get(field);
  if (found === undefined) throw new Error(`there is no field ${name}`);
  return found;
}

function minorOf(release: string): number {
  return Number(release.split(".")[1]);
}

async function addHttpRoute(): Promise<void> {
  const folder = await download("sigs.k8s.io/gateway-api", gatewayApi);
  const file = "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml";
  const { spec } = parse(await read(folder, file));
  const { schema } = spec.versions.find(({ name }: { name: string }) => name === "v1");
  addCustomResource(types, "HTTPRoute", releases.map(minorOf), schema.openAPIV3Schema);
}

/** The folder of a Go module's source in the module cache. */
async function download(module: string, version: string): Promise<string> {
  const args = ["mod", "download", "-json", `${module}@v${version}`];
  const { stdout } = await run("go", args, { cwd: tmpdir() });
  return JSON.parse(stdout).Dir;
}

function read(folder: string, path: string): Promise<string> {
  return readFile(join(folder, path), "utf8");
}

function render(): string {
  const minors = releases.map(minorOf);
  const sources = [
    ...releases.map((release) => `k8s.io/kubernetes v${release}`),
    `sigs.k8s.io/gateway-api v${gatewayApi}`,
  ];
  const all = { ...kinds, "gateway.networking.k8s.io/v1/HTTPRoute": "HTTPRoute" };
  const named = Object.entries(all).map(([kind, name]) => [kind, name.split(".").at(-1)]);
  const lines = [...types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, fields]) => `  ${name}: "${renderFields(fields, minors)}",`);
  return [
    "// Written by scripts/kubernetes-schema/generate.ts from the Go modules",
    ...sources.map((source) => `//   ${source}`),
    "",
    "/** Minor versions of Kubernetes 1 that the types below describe. */",
    `export const minors: readonly number[] = ${JSON.stringify(minors).replaceAll(",", ", ")};`,
    "",
    "/** The type of each kind, by `apiVersion/kind`. */",
    "export const kinds: Readonly<Record<string, string>> = {",
    ...named.map(([kind, name]) => `  "${kind}": "${name}",`),
    "};",
    "",
    "/** Fields of each type, as `name!@since-until:type`. */",
    "export const types: Readonly<Record<string, string>> = {",
    ...lines,
    "};",
    "",
  ].join("\n");
}
