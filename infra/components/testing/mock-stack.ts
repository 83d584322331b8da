import { setImmediate as nextTurn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** A resource that a program registered. */
export interface MockResource {
  readonly type: string;
  readonly name: string;
  /** Its inputs as the engine would see them, secrets unwrapped. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of the inputs that are Pulumi secrets, or hold one. */
  readonly secrets: readonly string[];
  /** Its options, named as in the engine's protocol: `parent`, `retainondelete`, `ignorechangesList`... */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a program did on the mock engine. */
export interface MockStack {
  /** By `type::name`. */
  readonly resources: ReadonlyMap<string, MockResource>;
  /** The program's outputs. One that is unknown, as in a preview, is undefined. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** How the mock engine behaves. */
export interface MockOptions {
  /** What a resource has beside its inputs once it is made. @default nothing */
  readonly state?: (resource: Omit<MockResource, "options" | "secrets">) => Record<string, unknown>;
  /** @default false */
  readonly preview?: boolean;
}

/** In memory everything resolves within a few turns of the event loop. */
const maxTurns = 1000;

/**
 * Runs a Pulumi program against an engine in memory, and waits for all that it registered and for
 * its outputs. The mocks belong to the process, so one program can run at a time.
 *
 * @throws what the program, one of its outputs or any `apply` throws; an Error that names the output, or the
 * resource, that never resolves.
 */
export async function mockStack(
  program: () => Record<string, unknown> | Promise<Record<string, unknown>>,
  { state = () => ({}), preview = false }: MockOptions = {},
): Promise<MockStack> {
  const resources = new Map<string, MockResource>();
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => ({
        id: `${name}-id`,
        state: { ...inputs, ...state({ type, name, inputs }) },
      }),
    },
    "test",
    "test",
    preview,
  );
  record(pulumi.runtime.getMonitor() as unknown as MockMonitor, resources);
  const outputs: Record<string, unknown> = {};
  await failOnRejections(async () => {
    for (const [key, value] of Object.entries(await program())) {
      outputs[key] = await settled(`the output ${key}`, plain(value));
    }
    await settled("an input of a resource", pulumi.runtime.disconnect());
  });
  return { resources, outputs };
}

/**
 * Does what the engine's runtime does with an error in an `apply` that nobody waits for: it fails
 * the program. The test runner's own listeners would fail the test that expects it.
 */
async function failOnRejections(work: () => Promise<void>): Promise<void> {
  const others = process.listeners("unhandledRejection");
  const errors: unknown[] = [];
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => errors.push(error));
  try {
    await work();
    await nextTurn();
  } finally {
    await nextTurn(); // One failed output rejects several promises, some of them a turn later.
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  }
  if (errors.length > 0) throw errors[0];
}

function record(monitor: MockMonitor, resources: Map<string, MockResource>): void {
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const { type, name, object, ...options } = request.toObject();
    const sent: Record<string, unknown> = request.getObject()?.toJavaScript() ?? {};
    const inputs = unwrapSecrets(sent) as Record<string, unknown>;
    const secrets = Object.keys(sent).filter((input) => holdsSecret(sent[input]));
    const key = `${type}::${name}`;
    if (resources.has(key)) throw new Error(`${key} is registered twice`);
    resources.set(key, { type, name, inputs, secrets, options });
    return register(request, callback);
  };
}

/** The protocol marks a secret by an object with this signature around its value. */
const signature = "4dabf18193072939515e22adb298388d";

function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return signature in value || Object.values(value).some(holdsSecret);
}

function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value && "value" in value) return unwrapSecrets(value.value);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, unwrapSecrets(inner)]),
  );
}

/** Unlike `apply`, this also ends for what is unknown. */
function plain(value: unknown): Promise<unknown> {
  return (pulumi.output(value) as unknown as { promise(): Promise<unknown> }).promise();
}

async function settled<T>(what: string, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const done = promise.finally(() => {
    isSettled = true;
  });
  done.catch(() => {}); // It is awaited below, some turns later.
  for (let turn = 0; turn < maxTurns && !isSettled; turn++) await nextTurn();
  if (!isSettled) throw new Error(`${what} never resolves`);
  return done;
}
