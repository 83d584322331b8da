import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../manifests/object.ts";
import { hashes, sampleStack } from "../test/sample-stack.ts";
import { argocdTree } from "./argocd.ts";
import { fluxTree } from "./flux.ts";
import { kustomizeTree } from "./kustomize.ts";
import { renderStack } from "./render.ts";
import type { Tree } from "./tree.ts";

const jobs = ["jobs.migrate.when=before", "jobs.warm-up.when=after"];

function rendering(set: readonly string[] = []) {
  return renderStack(sampleStack("dev", {}, set), { secretVersions: {}, sha256: hashes.config });
}

const source = { path: "gitops/dev", repository: "https://github.com/team/deploy.git" };

// biome-ignore lint/suspicious/noExplicitAny: the tests look at a few fields of several kinds.
function documents(text = ""): any[] {
  return parseAllDocuments(text).map((document) => document.toJS());
}

function objectsIn(tree: Tree, folder: string): readonly KubernetesObject[] {
  return Object.entries(tree)
    .filter(([path]) => path.startsWith(folder) && path.endsWith(".yaml"))
    .map(([, text]) => parse(text));
}

const identity = ({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.name}`;

test("the kustomization names every object's file, and no other", () => {
  const { objects } = rendering();
  const tree = kustomizeTree({ ...rendering() });
  const { resources } = parse(tree["kustomization.yaml"] ?? "");
  assert.equal(resources.length, objects.length);
  for (const [index, file] of resources.entries()) {
    assert.equal(identity(parse(tree[file] ?? "")), identity(objects[index] as KubernetesObject));
  }
});

test("every format holds the same objects, except for what tells the tool their order", () => {
  const plain = rendering(jobs).objects;
  const withoutNotes = (object: KubernetesObject) => {
    const annotations = Object.entries(object.metadata.annotations ?? {});
    const own = annotations.filter(([key]) => !/argoproj|fluxcd/.test(key));
    const { annotations: _, ...metadata } = object.metadata;
    return {
      ...object,
      metadata: { ...metadata, ...(own.length > 0 && { annotations: Object.fromEntries(own) }) },
    };
  };
  const byName = (objects: readonly KubernetesObject[]) =>
    Object.fromEntries(objects.map((object) => [identity(object), withoutNotes(object)]));
  const expected = byName(JSON.parse(JSON.stringify(plain)));
  const argocd = argocdTree(rendering(jobs), source);
  const flux = fluxTree(rendering(jobs), source);
  for (const tree of [argocd, flux]) {
    assert.deepEqual(
      byName([...objectsIn(tree, "stack/"), ...objectsIn(tree, "agents/")]),
      expected,
    );
  }
});

test("Argo CD waits for the Jobs before the release, and runs those after it last", () => {
  const tree = argocdTree(rendering(jobs), source);
  const waves = objectsIn(tree, "agents/").map(({ kind, metadata }) => {
    const wave = Number(metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0);
    return { kind, wave, name: metadata.name };
  });
  const waveOf = (kind: string, name = "") =>
    waves.find((one) => one.kind === kind && one.name.includes(name))?.wave;
  assert.deepEqual(
    [
      waveOf("ConfigMap"),
      waveOf("ServiceAccount"),
      waveOf("Job", "migrate"),
      waveOf("Deployment"),
      waveOf("Job", "warm-up"),
    ],
    [0, 0, 1, 2, 3],
  );
});

test("without Jobs no object carries a wave", () => {
  const tree = argocdTree(rendering(), source);
  for (const { metadata } of objectsIn(tree, "agents/")) {
    assert.equal(metadata.annotations?.["argocd.argoproj.io/sync-wave"], undefined);
  }
});

test("there is an Application for the stack and each agent, at the place of its files", () => {
  const tree = argocdTree(rendering(), source);
  const applications = documents(tree["applications.yaml"]);
  assert.deepEqual(
    applications.map(({ metadata, spec }) => [metadata.name, spec.source.path]),
    [
      ["dev-stack", "gitops/dev/stack"],
      ["dev-fastapi-agent", "gitops/dev/agents/fastapi-agent"],
    ],
  );
});

test("Flux applies each stage when the one before it is well", () => {
  const tree = fluxTree(rendering(jobs), source);
  const steps = documents(tree["kustomizations.yaml"]);
  assert.deepEqual(
    steps.map(({ metadata, spec }) => [metadata.name, spec.path, spec.dependsOn?.[0]?.name]),
    [
      ["dev-stack", "./gitops/dev/stack", undefined],
      ["dev-fastapi-agent-base", "./gitops/dev/agents/fastapi-agent/base", "dev-stack"],
      [
        "dev-fastapi-agent-before",
        "./gitops/dev/agents/fastapi-agent/before",
        "dev-fastapi-agent-base",
      ],
      [
        "dev-fastapi-agent-main",
        "./gitops/dev/agents/fastapi-agent/main",
        "dev-fastapi-agent-before",
      ],
      ["dev-fastapi-agent", "./gitops/dev/agents/fastapi-agent/after", "dev-fastapi-agent-main"],
    ],
  );
  for (const { spec } of steps) assert.equal(spec.wait, true);
  for (const { metadata, spec } of steps) {
    const folder = spec.path.replace("./gitops/dev/", "");
    assert.ok(objectsIn(tree, `${folder}/`).length > 0, metadata.name);
  }
});

test("Flux keeps ConfigMaps that old pods may still need", () => {
  const tree = fluxTree(rendering(), source);
  for (const { kind, metadata } of objectsIn(tree, "agents/")) {
    const prune = metadata.annotations?.["kustomize.toolkit.fluxcd.io/prune"];
    assert.equal(prune, kind === "ConfigMap" ? "disabled" : undefined);
  }
});

test("the Secrets that are not in a tree are listed in it", () => {
  for (const tree of [
    kustomizeTree(rendering()),
    argocdTree(rendering(), source),
    fluxTree(rendering(), source),
  ]) {
    assert.match(
      tree["SECRETS.md"] ?? "",
      /\| agents-dev \| fastapi-agent-unset \| OPENAI_API_KEY \(optional\) \|/,
    );
    for (const text of Object.values(tree)) assert.doesNotMatch(text, /^kind: Secret$/m);
  }
});
