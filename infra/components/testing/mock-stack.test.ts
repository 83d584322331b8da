import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { mockStack } from "./mock-stack.ts";

class Thing extends pulumi.CustomResource {
  declare readonly size: pulumi.Output<number>;

  constructor(name: string, inputs: pulumi.Inputs, options?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { size: undefined, ...inputs }, options);
  }
}

test("resources are found by type and name, with their inputs and options", async () => {
  const { resources } = await mockStack(() => {
    new Thing("one", { secret: pulumi.secret("s"), list: [pulumi.output(1)] }, { protect: true });
    return {};
  });
  const thing = resources.get("test:index:Thing::one");
  assert.deepEqual(thing?.inputs, { secret: "s", list: [1] });
  assert.deepEqual(thing?.secrets, ["secret"]);
  assert.equal(thing?.options.protect, true);
});

test("outputs are what the resources have once they are made", async () => {
  const { outputs } = await mockStack(() => ({ size: new Thing("one", {}).size }), {
    state: () => ({ size: 3 }),
  });
  assert.deepEqual(outputs, { size: 3 });
});

test("an output that is unknown in a preview is undefined", async () => {
  const { outputs } = await mockStack(() => ({ size: new Thing("one", {}).size }), {
    preview: true,
  });
  assert.deepEqual(outputs, { size: undefined });
});

test("what an output throws fails the stack", async () => {
  const fail = () => {
    throw new Error("broken");
  };
  await assert.rejects(
    mockStack(() => ({ bad: pulumi.output(1).apply(fail) })),
    /broken/,
  );
});

test("what is thrown in an apply that is no output fails the stack too", async () => {
  await assert.rejects(
    mockStack(() => {
      pulumi.output(1).apply(() => {
        throw new Error("broken aside");
      });
      return {};
    }),
    /broken aside/,
  );
});

test("an output that never resolves fails the stack by its name", async () => {
  const late = deferred();
  await assert.rejects(
    mockStack(() => ({ stuck: pulumi.output(late.promise) })),
    /the output stuck never resolves/,
  );
  late.resolve();
});

test("an input that never resolves fails the stack", async () => {
  const late = deferred();
  await assert.rejects(
    mockStack(() => {
      new Thing("one", { stuck: late.promise });
      return {};
    }),
    /an input of a resource never resolves/,
  );
  late.resolve();
});

/** Pulumi fails a process that ends with a promise unresolved, so each test resolves its own. */
function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}
