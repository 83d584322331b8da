import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { getObject, kubectl } from "../testing/cluster.ts";
import { makeWorkspace, type Outcome, type Workspace } from "../testing/workspace.ts";

test("a secret reaches the pods and nothing else", async (t) => {
  const workspace = await makeWorkspace(t);
  const namespace = workspace.namespace("dev");
  const secret = `sk-${randomBytes(24).toString("base64url")}`;
  const outcomes: Outcome[] = [];
  const slipway = async (...args: string[]) => {
    const running = workspace.start(args);
    const seen = watchProcesses(running.pid, secret);
    const outcome = await running.ended;
    assert.deepEqual(await seen(), [], `${args.join(" ")} shows the secret to other processes`);
    outcomes.push(outcome);
    return outcome;
  };
  await slipway("build", "fastapi-agent");

  await t.test("an env file that others can read is refused", async () => {
    await workspace.write("stacks/.env.dev", `OPENAI_API_KEY=${secret}\n`, 0o644);
    const outcome = await slipway("deploy", "dev");
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /next: {2}chmod 600 stacks\/\.env\.dev/);
  });

  await t.test("it is a file in the pod, and no variable", async () => {
    await workspace.chmod("stacks/.env.dev", 0o600);
    assert.equal((await slipway("deploy", "dev")).code, 0);
    const file = "/run/secrets/agent/OPENAI_API_KEY";
    const code = `import hashlib; print(hashlib.sha256(open("${file}", "rb").read()).hexdigest())`;
    const digest = (await inPod(namespace, code)).trim();
    assert.equal(digest, createHash("sha256").update(secret).digest("hex"));
    const variables = await inPod(namespace, "import os; print(sorted(os.environ.values()))");
    assert.ok(!variables.includes(secret));
  });

  await t.test("a new value is a new Secret, and rolls the pods", async () => {
    const before = await secretName(namespace);
    await workspace.write("stacks/.env.dev", `OPENAI_API_KEY=${secret}-2\n`, 0o600);
    assert.equal((await slipway("deploy", "dev")).code, 0);
    assert.notEqual(await secretName(namespace), before);
    await kubectl("get", "secret", before, `--namespace=${namespace}`);
  });

  await t.test("a stack without its env file keeps the secrets of its configuration", async () => {
    const before = await secretName(namespace);
    await workspace.remove("stacks/.env.dev");
    assert.equal((await slipway("deploy", "dev")).code, 0);
    assert.equal(await secretName(namespace), before);
  });

  await t.test("render names the same Secret, and needs no passphrase for it", async () => {
    const { stdout } = await slipway("render", "dev");
    assert.match(stdout, new RegExp(`secretName: ${await secretName(namespace)}\n`));
    assert.doesNotMatch(stdout, /^kind: Secret$/m);
  });

  await t.test("preview, status and destroy do not show it either", async () => {
    await slipway("preview", "dev");
    await slipway("status", "dev", "--json");
    assert.equal((await slipway("destroy", "dev", "--yes")).code, 0);
  });

  await t.test("no file of the checkout and no output holds it, in any encoding", async () => {
    for (const { stdout, stderr } of outcomes) assert.deepEqual(found(stdout + stderr, secret), []);
    for (const file of await files(workspace)) {
      const text = await readFile(file, "latin1");
      assert.deepEqual(found(text, secret), [], `${file} holds the secret`);
    }
  });

  await t.test("the search finds a secret that is there", () => {
    for (const form of forms(secret)) assert.notDeepEqual(found(`x${form}y`, secret), []);
  });

  await t.test("state, locks and passphrases are readable by their owner only", async () => {
    for (const file of await files(workspace, ".slipway")) {
      const { mode } = await stat(file);
      assert.equal(mode & 0o077, 0, `${file} has mode ${(mode & 0o777).toString(8)}`);
    }
  });
});

/** The forms in which a secret may hide; base64 at each of its three alignments. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const aligned = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .slice(4, -4),
  );
  return [secret, encodeURIComponent(secret), bytes.toString("hex"), ...aligned];
}

function found(text: string, secret: string): string[] {
  return forms(secret).filter((form) => text.includes(form));
}

async function files({ folder }: Workspace, part = ""): Promise<string[]> {
  const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Looks into the command lines and environments of a process and its descendants while it runs.
 * Returns a function that ends the search and tells where the secret was seen.
 */
function watchProcesses(pid: number, secret: string) {
  const seen = new Set<string>();
  let running = true;
  const search = (async () => {
    while (running) {
      for (const id of await descendants(pid)) {
        for (const name of ["cmdline", "environ"]) {
          const text = await readFile(`/proc/${id}/${name}`, "latin1").catch(() => "");
          if (text.includes(secret)) seen.add(`${name}: ${text.split("\0")[0]}`);
        }
      }
    }
  })();
  return async () => {
    running = false;
    await search;
    return [...seen];
  };
}

async function descendants(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const children = text.split(" ").filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(children.map(descendants))).flat()];
}

async function secretName(namespace: string): Promise<string> {
  const { spec } = await getObject("deployment", "fastapi-agent", `--namespace=${namespace}`);
  const { volumes } = spec.template.spec;
  return volumes.find(({ name }: { name: string }) => name === "secrets").secret.secretName;
}

function inPod(namespace: string, code: string): Promise<string> {
  const command = ["--", "python3", "-c", code];
  return kubectl("exec", "deployment/fastapi-agent", `--namespace=${namespace}`, ...command);
}
