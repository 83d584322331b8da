import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { tryLock } from "../adapters/lock.ts";
import { plainEnvironment, run } from "../adapters/process.ts";
import { readCluster } from "../cluster/record.ts";
import type { Drift } from "../domain/live/drift.ts";
import { getObject, kubectl } from "../testing/cluster.ts";
import { makeWorkspace, succeed } from "../testing/workspace.ts";
import { ensureTools } from "../toolchain/tools.ts";

test("what is done by hand is found, with field and author, and put back", async (t) => {
  const workspace = await makeWorkspace(t);
  const namespace = `--namespace=${workspace.namespace("dev")}`;
  await workspace.write("stacks/.env.dev", "OPENAI_API_KEY=canary-51f0e7\n", 0o600);
  await succeed(workspace, ["build", "fastapi-agent"]);
  await succeed(workspace, ["deploy", "dev"]);

  const drift = async (code: number): Promise<readonly string[]> => {
    const outcome = await workspace.slipway(["drift", "dev", "--json"]);
    assert.equal(outcome.code, code, outcome.stderr + outcome.stdout);
    return JSON.parse(outcome.stdout).drift.map(line);
  };
  const change = (object: string, patch: object, manager: string) =>
    kubectl(
      "patch",
      object,
      namespace,
      "--type=merge",
      `--patch=${JSON.stringify(patch)}`,
      `--field-manager=${manager}`,
    );

  await t.test("nothing differs after a deployment, whatever Kubernetes wrote since", async () => {
    assert.deepEqual(await drift(0), []);
    const { stdout } = await succeed(workspace, ["drift", "dev"]);
    assert.match(stdout, /^dev \(namespace .*\) is as its files say\n$/);
  });

  await t.test("a stack that is being deployed is skipped", async () => {
    const lock = await tryLock(join(workspace.folder, ".slipway", "locks", "dev"), "deploy dev");
    assert.ok("release" in lock);
    await kubectl("label", "service/fastapi-agent", namespace, "team=ops");
    const { stdout } = await succeed(workspace, ["drift", "dev"]);
    assert.match(stdout, /locked, skipped: deploy dev has the stack since/);
    await kubectl("label", "service/fastapi-agent", namespace, "team-");
    await lock.release();
  });

  await t.test("each change by hand is told, with its field and its author", async () => {
    const [configMap, secret] = [await content("configmaps"), await content("secrets")];
    await editByHand(
      "deployment/fastapi-agent",
      "s/minReadySeconds: 2$/minReadySeconds: 9/; s/^( *)dnsPolicy: .*/&\\n\\1hostname: mine/",
    );
    await change("horizontalpodautoscaler/fastapi-agent", { spec: { maxReplicas: 4 } }, "lens");
    await kubectl("label", "service/fastapi-agent", namespace, "team=ops");
    await kubectl("annotate", `secret/${secret}`, namespace, "note=mine");
    await kubectl("delete", `configmap/${configMap}`, namespace);
    await kubectl("create", "configmap", configMap, "--from-literal=LOG_LEVEL=mine", namespace);
    await kubectl("delete", "poddisruptionbudget/fastapi-agent", namespace);
    await kubectl("create", "configmap", "by-hand", "--from-literal=a=b", namespace);
    assert.deepEqual(await drift(3), [
      "changed ConfigMap fastapi-agent-* metadata.labels kubectl-create",
      "changed ConfigMap fastapi-agent-* immutable kubectl-create",
      'changed ConfigMap fastapi-agent-* data.LOG_LEVEL "mine" kubectl-create',
      "changed ConfigMap fastapi-agent-* data.API_TIMEOUT kubectl-create",
      "changed ConfigMap fastapi-agent-* data.OPENAI_BASE_URL kubectl-create",
      "changed ConfigMap fastapi-agent-* data.OPENAI_MODEL kubectl-create",
      "added Secret fastapi-agent-* metadata.annotations.note kubectl-annotate",
      'added Service fastapi-agent metadata.labels.team "ops" kubectl-label',
      "changed Deployment fastapi-agent spec.minReadySeconds 9 kubectl-edit",
      'added Deployment fastapi-agent spec.template.spec.hostname "mine" kubectl-edit',
      "missing PodDisruptionBudget fastapi-agent",
      "changed HorizontalPodAutoscaler fastapi-agent spec.maxReplicas 4 lens",
      "unexpected ConfigMap by-hand kubectl-create",
    ]);
  });

  await t.test(
    "what was set by hand can be kept, by a branch on which the files say it",
    async () => {
      const git = async (...args: string[]) =>
        (await run("git", args, { cwd: workspace.folder })).stdout;
      await git("init", "--quiet");
      await git("config", "user.name", "t");
      await git("config", "user.email", "t@example.com");
      await git("add", "stacks");
      await git("commit", "--quiet", "-m", "as it is");
      const proposed = await workspace.slipway(["drift", "dev", "--pr", "--json"]);
      assert.equal(proposed.code, 3, proposed.stderr);
      const { branch, kept } = JSON.parse(proposed.stdout);
      assert.deepEqual(kept.map(line), [
        'added Service fastapi-agent metadata.labels.team "ops" kubectl-label',
        "changed Deployment fastapi-agent spec.minReadySeconds 9 kubectl-edit",
        'added Deployment fastapi-agent spec.template.spec.hostname "mine" kubectl-edit',
        "changed HorizontalPodAutoscaler fastapi-agent spec.maxReplicas 4 lens",
      ]);
      assert.equal(await git("diff", "--name-only", "HEAD"), "");
      const file = "stacks/dev/fastapi-agent/values.yaml";
      const before = await workspace.read(file);
      await workspace.write(file, await git("show", `${branch}:${file}`));
      const left = await drift(3);
      assert.deepEqual(
        left.filter((one) => /minReadySeconds|hostname|maxReplicas|labels\.team/.test(one)),
        [],
      );
      await workspace.write(file, before);
    },
  );

  await t.test("all of it is put back, but for what no file describes", async () => {
    const fixed = await workspace.slipway(["drift", "dev", "--fix", "--json"]);
    assert.equal(fixed.code, 3);
    assert.deepEqual(JSON.parse(fixed.stdout).drift.map(line), [
      "unexpected ConfigMap by-hand kubectl-create",
    ]);
    await kubectl("delete", "configmap/by-hand", namespace);
    assert.deepEqual(await drift(0), []);
    assert.match((await succeed(workspace, ["deploy", "dev"])).stdout, /dev is unchanged/);
  });

  await t.test(
    "a deployment that somebody else's field stops says how to take it back",
    async () => {
      await change("horizontalpodautoscaler/fastapi-agent", { spec: { maxReplicas: 4 } }, "lens");
      const deployed = await workspace.slipway(["deploy", "dev"]);
      assert.equal(deployed.code, 2);
      assert.match(
        deployed.stderr,
        /conflict with "lens" using autoscaling\/v2: \.spec\.maxReplicas/,
      );
      assert.match(deployed.stderr, /next: {2}npx slipway drift dev --fix\n/);
      await succeed(workspace, ["drift", "dev", "--fix"]);
    },
  );

  /** What `kubectl edit` leaves behind when the editor is sed. */
  async function editByHand(object: string, script: string): Promise<void> {
    const { kubeconfig, context } = await readCluster();
    const { kubectl: program } = await ensureTools(["kubectl"], () => {});
    const access = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, namespace];
    const env = plainEnvironment({ KUBE_EDITOR: `sed -E -i '${script}'` });
    await run(program, [...access, "edit", object], { env });
  }

  /** Name of the object of this kind that the files describe. */
  async function content(kind: string): Promise<string> {
    const { items } = await getObject(kind, namespace, "--selector=slipway.dev/stack=dev");
    return items[0].metadata.name;
  }
});

/** One finding, without the parts that are another with every run. */
function line({ kind, object, path = "", live = "", by }: Drift): string {
  const parts = [kind, object.replace(/-[0-9a-f]{10}$/, "-*"), path, live, by?.manager ?? ""];
  return parts.filter((part) => part !== "").join(" ");
}
