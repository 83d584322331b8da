import assert from "node:assert/strict";
import { test } from "node:test";
import { isSecretName, isSecretValue } from "./naming.ts";

test("names of credentials are secret", () => {
  for (const name of ["OPENAI_API_KEY", "DB_PASSWORD", "TOKEN", "GITHUB_TOKEN", "JWT", "APIKEY"]) {
    assert.ok(isSecretName(name), name);
  }
});

test("settings that only sound like credentials are not", () => {
  for (const name of [
    "MAX_TOKENS",
    "TOKENIZERS_PARALLELISM",
    "KEYCLOAK_URL",
    "MONKEY_MODE",
    "KEEPALIVE_SECONDS",
    "OPENAI_API_KEY_FILE",
  ]) {
    assert.ok(!isSecretName(name), name);
  }
});

test("credentials are known by their shape, whatever their name", () => {
  for (const value of [
    "sk-proj-abcdefghijklmnop",
    `ghp_${"a".repeat(36)}`,
    "postgres://user:hunter2@db:5432/x",
    "-----BEGIN RSA PRIVATE KEY-----",
  ]) {
    assert.ok(isSecretValue(value), value);
  }
  for (const value of ["INFO", "30s", "https://api.openai.com/v1", "http://host:8080/a@b"]) {
    assert.ok(!isSecretValue(value), value);
  }
});
