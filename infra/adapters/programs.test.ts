import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { adminPath, findAdminProgram, firstExecutable } from "./programs.ts";
import { setVariable } from "./testing/environment.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

test("administrators' folders come behind PATH, also behind an empty one", (t) => {
  setVariable(t, "PATH", "/first");
  assert.equal(adminPath(), "/first:/usr/local/sbin:/usr/sbin:/sbin");
  setVariable(t, "PATH", "");
  assert.equal(adminPath(), "/usr/local/sbin:/usr/sbin:/sbin");
});

test("a program is found by its name, and a name that nothing has is not", async (t) => {
  const folder = await temporaryFolder(t);
  setVariable(t, "PATH", folder);
  const path = join(folder, "slipway-test-program");
  assert.equal(await findAdminProgram("slipway-test-program"), undefined);
  await writeFile(path, "", { mode: 0o755 });
  assert.equal(await findAdminProgram("slipway-test-program"), path);
});

test("a file that may not be executed is passed over", async (t) => {
  const folder = await temporaryFolder(t);
  const [text, program] = [join(folder, "text"), join(folder, "program")];
  await writeFile(text, "", { mode: 0o644 });
  await writeFile(program, "", { mode: 0o755 });
  assert.equal(await firstExecutable([join(folder, "absent"), text, program]), program);
  assert.equal(await firstExecutable([text]), undefined);
});
