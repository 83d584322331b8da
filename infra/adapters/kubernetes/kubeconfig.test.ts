import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { UserError } from "../../domain/errors.ts";
import { answer, authority, clientPair, serveApi, writeKubeconfig } from "../testing/api-server.ts";
import { setVariable } from "../testing/environment.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { KubernetesClient } from "./client.ts";
import { defaultKubeconfig, readConnection } from "./kubeconfig.ts";

const server = "https://127.0.0.1:6443";

const apiVersion = "client.authentication.k8s.io/v1";

async function plugin(t: TestContext, script: string): Promise<string> {
  const path = join(await temporaryFolder(t), "plugin");
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

const credential = (status: object) =>
  JSON.stringify({ apiVersion, kind: "ExecCredential", status });

test("a token is sent as a bearer token, from the file itself or from a file that it names", async (t) => {
  const { url } = await serveApi(t, ({ headers }, response) =>
    answer(response, 200, { sent: headers.authorization }),
  );
  const inline = await writeKubeconfig(t, url, { token: "t0" });
  const named = await writeKubeconfig(t, url, { tokenFile: "token" });
  await writeFile(join(dirname(named), "token"), "t1\n");
  for (const [kubeconfig, sent] of [
    [inline, "Bearer t0"],
    [named, "Bearer t1"],
  ] as const) {
    const client = await KubernetesClient.connect(kubeconfig, "test");
    t.after(() => client.close());
    assert.deepEqual(await client.get("/"), { sent });
  }
});

test("certificates may be files, named from the kubeconfig's folder", async (t) => {
  const user = { "client-certificate": "pki/client.crt", "client-key": "pki/client.key" };
  const kubeconfig = await writeKubeconfig(t, server, user, {
    "certificate-authority": "pki/ca.crt",
    "tls-server-name": "api.test",
  });
  const pki = join(dirname(kubeconfig), "pki");
  await mkdir(pki);
  await writeFile(join(pki, "ca.crt"), authority.certificate);
  await writeFile(join(pki, "client.crt"), clientPair.certificate);
  await writeFile(join(pki, "client.key"), clientPair.key);
  assert.deepEqual((await readConnection(kubeconfig, "test")).tls, {
    ca: authority.certificate,
    cert: clientPair.certificate,
    key: clientPair.key,
    servername: "api.test",
  });
});

test("a kubeconfig in YAML says the same as one in JSON", async (t) => {
  const { stringify } = await import("yaml");
  const json = await writeKubeconfig(
    t,
    server,
    { token: "t" },
    { "insecure-skip-tls-verify": true },
  );
  const yaml = `${json}.yaml`;
  await writeFile(yaml, stringify(JSON.parse(await readFile(json, "utf8"))));
  const connection = await readConnection(yaml, "test");
  assert.deepEqual(connection, await readConnection(json, "test"));
  assert.deepEqual(connection, { server, tls: { rejectUnauthorized: false }, token: "t" });
});

test("a context that is not there is refused with those that are", async (t) => {
  const kubeconfig = await writeKubeconfig(t, server);
  await assert.rejects(readConnection(kubeconfig, "prod"), (error: UserError) => {
    assert.equal(error.code, "kubeconfig-no-context");
    assert.equal(error.message, `${kubeconfig} has no usable context "prod"; it has: test`);
    return true;
  });
  await writeFile(kubeconfig, "");
  await assert.rejects(readConnection(kubeconfig, "prod"), /it has: none/);
});

test("a kubeconfig that is missing, is malformed or names a missing file can be fixed by the user", async (t) => {
  const broken = await writeKubeconfig(t, server, { tokenFile: "no-such-token" });
  const inFolder = (name: string) => join(dirname(broken), name);
  await writeFile(inFolder("malformed"), '{"clusters": [');
  await writeFile(inFolder("malformed.yaml"), "clusters: [");
  for (const path of [broken, ...["malformed", "malformed.yaml", "missing"].map(inFolder)]) {
    await assert.rejects(readConnection(path, "test"), { code: "kubeconfig-unreadable" }, path);
  }
});

test("a credential plugin is asked as client-go asks it, without the engine's variables", async (t) => {
  setVariable(t, "PULUMI_CONFIG_PASSPHRASE", "canary");
  const command = await plugin(
    t,
    `env > "$(dirname "$0")/env"; echo "$@" > "$(dirname "$0")/args"
     printf '%s' '${credential({ token: "from the plugin" })}'`,
  );
  const exec = {
    apiVersion,
    command,
    args: ["get-token", "--cluster", "x"],
    env: [{ name: "PROFILE", value: "p" }],
  };
  const kubeconfig = await writeKubeconfig(t, server, { exec });
  assert.equal((await readConnection(kubeconfig, "test")).token, "from the plugin");
  const seen = await readFile(join(dirname(command), "env"), "utf8");
  assert.match(seen, /^PROFILE=p$/m);
  assert.match(seen, new RegExp(`^KUBERNETES_EXEC_INFO=.*"apiVersion":"${apiVersion}"`, "m"));
  assert.ok(!seen.includes("canary"));
  assert.equal(await readFile(join(dirname(command), "args"), "utf8"), "get-token --cluster x\n");
});

test("a credential plugin may give a client certificate", async (t) => {
  const status = { clientCertificateData: clientPair.certificate, clientKeyData: clientPair.key };
  const command = await plugin(t, `cat <<'END'\n${credential(status)}\nEND`);
  const kubeconfig = await writeKubeconfig(t, server, { exec: { apiVersion, command } });
  const { cert, key } = (await readConnection(kubeconfig, "test")).tls;
  assert.deepEqual([cert, key], [clientPair.certificate, clientPair.key]);
});

test("a plugin given by a relative path is the one beside the kubeconfig", async (t) => {
  const kubeconfig = await writeKubeconfig(t, server, {
    exec: { apiVersion, command: "./bin/token" },
  });
  await mkdir(join(dirname(kubeconfig), "bin"));
  const script = `#!/bin/sh\nprintf '%s' '${credential({ token: "beside" })}'\n`;
  await writeFile(join(dirname(kubeconfig), "bin", "token"), script, { mode: 0o755 });
  assert.equal((await readConnection(kubeconfig, "test")).token, "beside");
});

test("a plugin that fails is explained by its own words, without what it printed as a credential", async (t) => {
  const command = await plugin(t, "echo canary-6f1d0c; echo 'the session has expired' >&2; exit 1");
  const kubeconfig = await writeKubeconfig(t, server, { exec: { apiVersion, command } });
  await assert.rejects(readConnection(kubeconfig, "test"), (error: UserError) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.code, "credential-plugin");
    assert.match(error.message, /ended with code 1: \S+plugin\nthe session has expired$/);
    assert.ok(!error.message.includes("canary"));
    assert.match(error.hint ?? "", /installed and logged in/);
    return true;
  });
});

test("a plugin that is not installed is refused with the kubeconfig's own hint", async (t) => {
  const exec = { apiVersion, command: "slipway-no-such-plugin", installHint: "install it like so" };
  const kubeconfig = await writeKubeconfig(t, server, { exec });
  await assert.rejects(readConnection(kubeconfig, "test"), {
    code: "credential-plugin",
    hint: "install it like so",
  });
});

test("a plugin that prints something else is refused, and what it printed is not shown", async (t) => {
  for (const script of ["echo canary", "echo '{}'", "true"]) {
    const exec = { apiVersion, command: await plugin(t, script) };
    const kubeconfig = await writeKubeconfig(t, server, { exec });
    await assert.rejects(readConnection(kubeconfig, "test"), (error: UserError) => {
      assert.equal(error.code, "credential-plugin");
      assert.match(error.message, /printed no credential$/);
      return true;
    });
  }
});

test("the user's own kubeconfig is the first that KUBECONFIG lists, else the one in the home folder", (t) => {
  setVariable(t, "KUBECONFIG", ["", "/a/config", "/b/config"].join(delimiter));
  assert.equal(defaultKubeconfig(), "/a/config");
  setVariable(t, "KUBECONFIG", "");
  assert.equal(defaultKubeconfig(), join(homedir(), ".kube", "config"));
});
