import assert from "node:assert/strict";
import { test } from "node:test";
import { copyCheckout } from "../../../infra/testing/workspace.ts";

const prodValues = "stacks/prod/fastapi-agent/values.yaml";

test("config explains, compares and checks values, and keeps the documentation", async (t) => {
  const workspace = await copyCheckout(t);
  const json = async (...args: readonly string[]) => {
    const { stdout, code } = await workspace.slipway(["config", ...args, "--json"]);
    return { code, result: JSON.parse(stdout) };
  };

  await t.test("explain prints the precedence, the deciding line and what it hides", async () => {
    await workspace.write(prodValues, "replicas:\n  min: 5\n  max: 6\n");
    const args = ["config", "explain", "prod", "fastapi-agent", "replicas.min"];
    const { stdout, stderr, code } = await workspace.slipway(args);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout,
      [
        "built-in default < infra/packages/fastapi-agent/values.yaml < stacks/prod/values.yaml" +
          " < stacks/prod/fastapi-agent/values.yaml < --set",
        "",
        "replicas.min = 5",
        `  set by ${prodValues}:2:3`,
        "  hides 2 of built-in default",
        "",
      ].join("\n"),
    );
    const set = await workspace.slipway([...args, "--set", "replicas.min=4"]);
    assert.match(set.stdout, /replicas.min = 4\n {2}set by --set\n {2}hides 5 of /);
  });

  await t.test("explain says where a secret is, and never the secret", async () => {
    const explain = () => json("explain", "dev", "fastapi-agent", "secrets");
    const [before] = (await explain()).result.values;
    assert.equal(before.secret, "not set: there is no stacks/.env.dev");
    await workspace.write("stacks/.env.dev", "OPENAI_API_KEY=canary-1\n", 0o600);
    const { result } = await explain();
    assert.equal(result.values[0].secret, "set in stacks/.env.dev");
    assert.doesNotMatch(JSON.stringify(result), /canary/);
  });

  await t.test("explain refuses an unknown key with what was meant", async () => {
    const { code, result } = await json("explain", "dev", "fastapi-agent", "replicas.mim");
    assert.equal(code, 2);
    assert.equal(result.error.code, "unknown-key");
    assert.match(result.error.message, /did you mean "replicas.min"\?/);
  });

  await t.test("diff ends with 3 only when a difference is not on the list", async () => {
    await workspace.write("stacks/.env.prod", "OPENAI_API_KEY=canary-2\n", 0o600);
    const allowed = await json("diff", "dev", "prod");
    assert.deepEqual([allowed.code, allowed.result.refused], [0, 0]);
    assert.equal(allowed.result.secrets[0].verdict, "different");
    assert.doesNotMatch(JSON.stringify(allowed.result), /canary/);
    await workspace.edit("stacks/pipeline.yaml", "  - replicas\n", "");
    const { code, stdout } = await workspace.slipway(["config", "diff", "dev", "prod"]);
    assert.equal(code, 3);
    assert.match(stdout, /^! fastapi-agent:replicas.min: 2 \| 5$/m);
  });

  await t.test(
    "diff says of an encrypted configuration without a passphrase only that",
    async () => {
      await workspace.remove("stacks/.env.prod");
      await workspace.write("stacks/Pulumi.prod.yaml", "encryptionsalt: v1:AAAA:v1:AAAA:AAAA\n");
      const { result } = await json("diff", "dev", "prod");
      assert.equal(result.secrets[0].verdict, "unknown");
      assert.equal(result.secrets[0].right, "not readable here");
      await workspace.remove("stacks/Pulumi.prod.yaml");
    },
  );

  await t.test("check tells the problems of all environments at once", async () => {
    assert.equal((await workspace.slipway(["config", "check"])).code, 0);
    await workspace.write("stacks/staging/values.yaml", "replica: 3\n");
    await workspace.write("stacks/dev/values.yaml", "config: { LOG_LEVEL: LOUD }\n");
    const { code, stderr } = await workspace.slipway(["config", "check"]);
    assert.equal(code, 2);
    assert.match(stderr, /stacks\/staging\/values.yaml:1:1: unknown key "replica"/);
    assert.match(stderr, /stacks\/dev\/values.yaml:1:11: "config.LOG_LEVEL" must be one of DEBUG/);
  });

  await t.test("docs --check ends with 3 until docs has written what is new", async () => {
    const docs = (...more: readonly string[]) => workspace.slipway(["config", "docs", ...more]);
    assert.equal((await docs("--check")).code, 0);
    const values = "infra/packages/fastapi-agent/values.yaml";
    await workspace.edit(values, "API_TIMEOUT: 30s", "API_TIMEOUT: 25s");
    const stale = await docs("--check");
    assert.equal(stale.code, 3);
    assert.match(stale.stderr, /infra\/packages\/fastapi-agent\/README.md\nnext: {2}npx slipway/);
    assert.equal((await docs("fastapi-agent")).stdout, "infra/packages/fastapi-agent/README.md\n");
    assert.match(await workspace.read("infra/packages/fastapi-agent/README.md"), /`25s`/);
    assert.equal((await docs("--check")).code, 0);
  });
});
