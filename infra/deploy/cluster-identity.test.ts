import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { answer, serveApi, writeKubeconfig } from "../adapters/testing/api-server.ts";
import type { Environment } from "../domain/stack/environment.ts";
import { sampleStack } from "../domain/test/sample-stack.ts";
import { requireCluster } from "./cluster-identity.ts";

const { environment } = sampleStack("prod");

async function judge(t: TestContext, cluster: Environment["cluster"]): Promise<void> {
  const { url } = await serveApi(t, ({ url: path }, response) => {
    assert.equal(path, "/api/v1/namespaces/kube-system");
    answer(response, 200, { metadata: { uid: "this-one" } });
  });
  const client = await KubernetesClient.connect(await writeKubeconfig(t, url), "test");
  t.after(() => client.close());
  await requireCluster(client, { ...environment, cluster });
}

test("another cluster behind the same context is refused, with both of them named", async (t) => {
  await judge(t, { context: "test", uid: "this-one" });
  await assert.rejects(judge(t, { context: "test", uid: "the-other" }), {
    name: "RefusedError",
    code: "wrong-cluster",
    message: "prod belongs to the cluster the-other, but the context test leads to this-one",
  });
});
