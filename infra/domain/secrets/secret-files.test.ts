import assert from "node:assert/strict";
import { test } from "node:test";
import { findSecrets } from "./secret-files.ts";

const find = (name: string, text: string) => findSecrets(name, Buffer.from(text));

test("credentials are found with their lines and kinds, in code, settings and documents", () => {
  const lines = [
    "a line",
    `API_KEY="sk-proj-${"a".repeat(20)}"`,
    `key: ghp_${"b".repeat(36)},`,
    "url = 'postgres://user:hunter2@db:5432/x'",
    "-----BEGIN RSA PRIVATE KEY-----",
    `token(hf_${"c".repeat(34)})`,
  ];
  const found = find("main.py", lines.join("\n"));
  assert.deepEqual(
    found.map(({ line, message }) => `${line} ${message}`),
    [
      "2 holds a key of a model API (sk-...)",
      "3 holds a GitHub token",
      "4 holds a URL with a password",
      "5 holds a private key",
      "6 holds a token of a model hub (hf_...)",
    ],
  );
  assert.ok(!JSON.stringify(found).includes("hunter2"));
});

test("files that hold secrets by their names are found, and examples of them are not", () => {
  for (const name of [".env", ".env.prod", "server.pem", "id_ed25519", "kubeconfig", ".npmrc"]) {
    assert.deepEqual(find(name, ""), [{ message: "looks by its name like a secret" }], name);
  }
  for (const name of [".env.example", "environment.md", "keys.py"]) {
    assert.deepEqual(find(name, ""), [], name);
  }
});

test("text that only resembles a credential, and bytes of any kind, are let through", () => {
  assert.deepEqual(find("README.md", "task-force sk-1 https://api.openai.com/v1 user@host"), []);
  assert.deepEqual(findSecrets("logo.png", new Uint8Array(100_000).fill(255)), []);
});
