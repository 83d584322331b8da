import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { UserError } from "../domain/errors.ts";
import { installPackages } from "./debian-packages.ts";
import { readIfExists } from "./files.ts";
import { setVariable } from "./testing/environment.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const request = {
  packages: ["runc", "iptables"],
  need: "The cluster needs runc and iptables",
  elsewhere: "use Docker",
};

/** Debian as root, as far as an installation looks. `install` is what apt-get does to install. */
async function debian(t: TestContext, { update = "", install = "" } = {}) {
  const folder = await temporaryFolder(t);
  const files = { policy: join(folder, "policy-rc.d"), lock: join(folder, "lock") };
  const log = join(folder, "log");
  const script = `#!/bin/sh
echo "apt-get $*" >> ${log}
case "$1" in
update)
${update || ":"} ;;
*)
${install.replaceAll("POLICY", files.policy) || ":"} ;;
esac
`;
  await writeFile(join(folder, "apt-get"), script, { mode: 0o755 });
  setVariable(t, "PATH", folder);
  setUser(t, 0);
  const reported: string[] = [];
  return {
    folder,
    files,
    reported,
    calls: async () => (await readFile(log, "utf8")).trimEnd().split("\n"),
    install: () => installPackages(request, (line) => reported.push(line), files),
  };
}

function setUser(t: TestContext, id: number): void {
  t.mock.method(process as { getuid(): number }, "getuid", () => id);
}

test("the lists are updated first, then the packages installed without recommended ones", async (t) => {
  const { install, calls, reported } = await debian(t);
  await install();
  assert.deepEqual(await calls(), [
    "apt-get update --quiet",
    "apt-get -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends -- runc iptables",
  ]);
  assert.deepEqual(reported, ["Installing Debian packages: runc, iptables"]);
});

test("while it installs, its services may not start and those of others may", async (t) => {
  const ask = `POLICY runc start; ours=$?
unset SLIPWAY_INSTALLS
POLICY nginx start; echo "ours $ours, others $?"; exit 1`;
  const { install, files } = await debian(t, { install: ask });
  await assert.rejects(install(), /ours 101, others 0/);
  assert.equal(await readIfExists(files.policy), undefined);
});

test("an administrator's policy stays as it is", async (t) => {
  const { install, files } = await debian(t);
  await writeFile(files.policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  await install();
  assert.equal(await readFile(files.policy, "utf8"), "#!/bin/sh\nexit 101\n");
});

test("a policy that a kill left behind is used and removed", async (t) => {
  const { install, files, folder } = await debian(t, {
    install: `while read -r line; do echo "$line"; done < POLICY > POLICY.copy`,
  });
  await install();
  const copy = await readFile(join(folder, "policy-rc.d.copy"), "utf8");
  await writeFile(files.policy, copy, { mode: 0o755 });
  await install();
  assert.equal(await readIfExists(files.policy), undefined);
});

test("package lists that another apt has locked are waited for", async (t) => {
  const { install, calls, reported } = await debian(t, {
    update: `test -e "$0.asked" && exit 0
: > "$0.asked"
echo "E: Could not get lock /lists/lock. It is held by process 7 (apt-get)" >&2
exit 100`,
  });
  await install();
  assert.equal((await calls()).length, 3);
  assert.deepEqual(reported.slice(1), [
    "Waiting for another apt: Could not get lock /lists/lock. It is held by process 7 (apt-get)",
  ]);
});

test("a failure is told with apt's reason and the command to try by hand", async (t) => {
  const { install, calls } = await debian(t, { update: `echo "E: no network" >&2; exit 100` });
  const hint = "apt-get install --yes --no-install-recommends -- runc iptables";
  await assert.rejects(install(), (error) => {
    assert.ok(error instanceof UserError);
    assert.deepEqual([error.code, error.hint], ["packages-failed", hint]);
    assert.match(error.message, /E: no network/);
    return true;
  });
  assert.equal((await calls()).length, 1);
});

test("without apt-get, the error says what to do elsewhere", async (t) => {
  setVariable(t, "PATH", await temporaryFolder(t));
  const message =
    "The cluster needs runc and iptables, and this machine has no apt-get to install it";
  await assert.rejects(installPackages(request, assert.fail), {
    code: "packages-missing",
    message,
    hint: "use Docker",
  });
});

test("without root, nothing is tried and the hint has sudo", async (t) => {
  const { install, reported } = await debian(t);
  setUser(t, 1000);
  await assert.rejects(install(), {
    code: "packages-missing",
    hint: "sudo apt-get install --yes --no-install-recommends -- runc iptables",
  });
  assert.deepEqual(reported, []);
});
