import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ownCheckout } from "../adapters/testing/checkout.ts";
import type { Environment } from "../domain/stack/environment.ts";

await ownCheckout();
const { KubernetesClient } = await import("../adapters/kubernetes/client.ts");
const { answer, serveApi, writeKubeconfig } = await import("../adapters/testing/api-server.ts");
const { requireCluster } = await import("./cluster-identity.ts");

/** Judges a cluster whose UID is `this-one`, or another. */
async function judge(
  t: TestContext,
  cluster: Environment["cluster"],
  uid = "this-one",
): Promise<void> {
  const { url } = await serveApi(t, ({ url: path }, response) => {
    assert.equal(path, "/api/v1/namespaces/kube-system");
    answer(response, 200, { metadata: { uid } });
  });
  const client = await KubernetesClient.connect(await writeKubeconfig(t, url), "test");
  t.after(() => client.close());
  await requireCluster(client, { name: "prod", cluster } as Environment);
}

test("another cluster behind the same context is refused, with both of them named", async (t) => {
  await judge(t, { context: "test", uid: "this-one" });
  await assert.rejects(judge(t, { context: "test", uid: "the-other" }), {
    name: "RefusedError",
    code: "wrong-cluster",
    message: "prod belongs to the cluster the-other, but the context test leads to this-one",
  });
});

test("without a pin, the cluster of the first deployment is the one", async (t) => {
  await judge(t, { context: "test" });
  await judge(t, { context: "test" });
  await assert.rejects(judge(t, { context: "test" }, "the-other"), { code: "wrong-cluster" });
});
