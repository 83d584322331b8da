import type { TestContext } from "node:test";

/** Sets a variable of this process's environment until the test ends. */
export function setVariable(t: TestContext, name: string, value: string): void {
  const before = process.env[name];
  t.after(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
  process.env[name] = value;
}
