import assert from "node:assert/strict";
import { test } from "node:test";
import { runUrl } from "./run-url.ts";

test("a run on GitHub Actions is known by its three variables", () => {
  const environment = {
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "team/agents",
    GITHUB_RUN_ID: "42",
  };
  assert.equal(runUrl(environment), "https://github.com/team/agents/actions/runs/42");
});

test("other systems name the page themselves, and outside of CI there is none", () => {
  assert.equal(
    runUrl({ CI_JOB_URL: "https://gitlab.com/t/a/-/jobs/1" }),
    "https://gitlab.com/t/a/-/jobs/1",
  );
  assert.equal(runUrl({ BUILD_URL: "http://ci.test/job/1/" }), "http://ci.test/job/1/");
  assert.equal(runUrl({ PATH: "/bin", BUILD_URL: "" }), undefined);
});

test("nothing but the address of a page is taken over", () => {
  assert.equal(
    runUrl({ BUILD_URL: "https://u:hunter2@ci.test/a\u001b[2Jb?token=hunter2#x" }),
    "https://ci.test/a%1B[2Jb",
  );
  for (const text of ["javascript:alert(1)", "file:///etc/passwd", "no address"]) {
    assert.equal(runUrl({ BUILD_URL: text }), undefined);
  }
});
