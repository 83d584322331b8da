import assert from "node:assert/strict";
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import type { UserError } from "../domain/errors.ts";

const scratch = await mkdtemp(join(tmpdir(), "slipway-context-"));
after(() => rm(scratch, { recursive: true }));
process.env.XDG_CACHE_HOME = join(scratch, "cache");
const { makeContext } = await import("./context.ts"); // After the cache is set.

let count = 0;

async function sources(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(scratch, `source-${count++}`);
  for (const [path, text] of Object.entries({ Dockerfile: "FROM scratch\n", ...files })) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const make = (source: string, agent = "agent") =>
  makeContext({ agent, source, platform: "linux/amd64", report: () => {} });

/** Path, mode and time of everything in a folder. */
async function listing(folder: string): Promise<string[]> {
  const paths = ["", ...(await readdir(folder, { recursive: true }))].sort();
  return Promise.all(
    paths.map(async (path) => {
      const { mode, mtimeMs } = await stat(join(folder, path));
      return `${path} ${mode.toString(8)} ${mtimeMs}`;
    }),
  );
}

const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test("only what the image needs gets into the context", async () => {
  const source = await sources({
    ".dockerignore": "*\n!agent\n",
    ".env": "OPENAI_API_KEY=sk-1",
    ".git/config": "",
    "agent/main.py": "",
    "agent/__pycache__/main.pyc": "",
    "agent/.mypy_cache/x": "",
    "notes.txt": "",
    "tests/test_main.py": "",
  });
  const { folder } = await make(source);
  assert.deepEqual(await filesIn(folder), ["Dockerfile", "agent/main.py"]);
});

test("equal sources give equal contexts, whatever their times and the mask they were made with", async () => {
  const one = await sources({ "agent/main.py": "print(1)", "run.sh": "" });
  await chmod(join(one, "run.sh"), 0o755);
  const two = join(scratch, "copy");
  await cp(one, two, { recursive: true });
  await chmod(join(two, "agent/main.py"), 0o600);
  await chmod(join(two, "run.sh"), 0o700);
  await utimes(join(two, "agent/main.py"), 1, 1);
  const [first, second] = [await make(one, "one"), await make(two, "two")];
  assert.equal(first.hash, second.hash);
  assert.deepEqual(await listing(first.folder), await listing(second.folder));
});

test("a changed content of the same length changes the hash and the file's time", async () => {
  const source = await sources({ "main.py": "print(1)" });
  const before = await make(source);
  const listed = await listing(before.folder);
  await writeFile(join(source, "main.py"), "print(2)");
  const changed = await make(source);
  assert.notEqual(changed.hash, before.hash);
  assert.notDeepEqual(await listing(changed.folder), listed);
});

test("a changed name or executable bit changes the hash", async () => {
  const plain = await make(await sources({ "run.sh": "" }));
  const renamed = await make(await sources({ "start.sh": "" }));
  const executable = await sources({ "run.sh": "" });
  await chmod(join(executable, "run.sh"), 0o755);
  const hashes = [plain.hash, renamed.hash, (await make(executable)).hash];
  assert.equal(new Set(hashes).size, 3);
});

test("a file that was removed from the sources is gone from the context", async () => {
  const source = await sources({ "old.py": "", "main.py": "" });
  await make(source);
  await rm(join(source, "old.py"));
  assert.deepEqual(await filesIn((await make(source)).folder), ["Dockerfile", "main.py"]);
});

test("every file that looks like a secret is refused at once, and none of their values is shown", async () => {
  const source = await sources({
    ".env": "OPENAI_API_KEY=sk-canary",
    ".env.prod": "OPENAI_API_KEY=sk-canary",
    "agent/.env": "OPENAI_API_KEY=sk-canary",
    "agent/server.pem": "sk-canary",
    "agent/id_ed25519": "sk-canary",
    "agent/notes.txt": "-----BEGIN RSA PRIVATE KEY-----\nsk-canary",
    ".env.example": "OPENAI_API_KEY=",
  });
  await assert.rejects(make(source), (error: UserError) => {
    assert.equal(error.code, "invalid-input");
    assert.match(error.message, /^6 problems found/);
    assert.ok(!error.message.includes("sk-canary"));
    assert.ok(!error.message.includes(".env.example"));
    assert.match(error.hint ?? "", /stacks\/\.env\.<environment>/);
    return true;
  });
});

test("a secret that .dockerignore names stays out and is no reason to refuse", async () => {
  const source = await sources({ ".dockerignore": ".env", ".env": "KEY=1", "main.py": "" });
  assert.deepEqual(await filesIn((await make(source)).folder), ["Dockerfile", "main.py"]);
});

test("a link is refused, because what it points to differs from machine to machine", async () => {
  const source = await sources({});
  await symlink("/etc/passwd", join(source, "link"));
  await assert.rejects(make(source), /link: is not a plain file/);
});

test("a folder without a Dockerfile is refused", async () => {
  const source = await sources({});
  await rm(join(source, "Dockerfile"));
  await assert.rejects(make(source), (error: UserError) => error.code === "no-dockerfile");
});

test("a folder that is not there is refused", async () => {
  await assert.rejects(make(join(scratch, "nowhere")), { code: "no-dockerfile" });
});
