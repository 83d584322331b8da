import assert from "node:assert/strict";
import { Agent, request } from "node:https";
import { json } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { readConnection } from "../../adapters/kubernetes/kubeconfig.ts";
import { listPath } from "../../adapters/kubernetes/paths.ts";
import { readCluster } from "../../cluster/record.ts";
import { sampleObjects } from "../test/sample-stack.ts";
import { checkObject } from "./check.ts";

// biome-ignore lint/suspicious/noExplicitAny: the test breaks objects in every way.
type Any = any;

interface Mutant {
  readonly what: string;
  readonly object: Any;
  /** What it was made from. */
  readonly original: Any;
}

/** Nothing is made: the API server only says what it would do. */
const namespace = "default";

test("the API server refuses what the check refuses, and nothing else for its shape", async (t) => {
  const ask = await connect(t);
  const objects = sampleObjects("dev", ["jobs.migrate.when=before"]).map(relocate);
  for (const original of objects) {
    const answer = await ask({ what: "", object: original, original });
    assert.equal(answer.status, 201, `${original.kind}: ${answer.message}`);
  }
  const all = objects.flatMap((original) => [...mutants(original)]);
  const wrong = await Promise.all(
    all.map(async (mutant) => {
      const { status, message, reasons } = await ask(mutant);
      const [own] = checkObject(mutant.object, "1.34");
      if (own && status === 201) return `${mutant.what}: only the check refuses it: ${own.message}`;
      const isShape = status === 400 || reasons.some((reason) => shapeReasons.has(reason));
      return !own && isShape && !isKnown(message) ? `${mutant.what}: ${message}` : undefined;
    }),
  );
  assert.ok(all.length > 1000);
  const surprises = wrong.filter((one) => one !== undefined && !isStricter(one));
  assert.deepEqual(surprises, []);
});

/** A LimitRange without limits does nothing, and a list is no text, though the server takes both. */
function isStricter(found: string): boolean {
  return /^LimitRange .*(metadata\.name|spec\.limits)" is missing$|^Secret with \[\] for data/.test(
    found,
  );
}

const shapeReasons = new Set(["FieldValueNotSupported", "FieldValueRequired"]);

/**
 * What belongs to the request, the content of Secrets, which is in no patch, and what a field of one
 * type needs only because of the value of another.
 */
function isKnown(message: string): boolean {
  return /namespace of the provided object|illegal base64 data|restartPolicy: Required|spec\.metrics\[0\]|at least one Policy/.test(
    message,
  );
}

function relocate(object: Any): Any {
  const copy = JSON.parse(JSON.stringify(object));
  copy.metadata.name += "-check";
  if (copy.metadata.namespace) copy.metadata.namespace = namespace;
  for (const port of copy.spec?.ports ?? []) delete port.nodePort;
  return copy;
}

function* mutants(original: Any): Generator<Mutant> {
  for (const path of pathsOf(original)) {
    if (["apiVersion", "kind"].includes(String(path[0]))) continue;
    const value = path.reduce((inner, key) => inner[key], original);
    const place = path.join(".") || "itself";
    const mutant = (how: string, change: (parent: Any, key: Any) => void): Mutant => {
      const object = { self: structuredClone(original) };
      const parent = ["self", ...path.slice(0, -1)]
        .slice(0, path.length)
        .reduce<Any>((inner, key) => inner[key], object);
      change(parent, path.length === 0 ? "self" : path.at(-1));
      return { what: `${original.kind} ${how} ${place}`, object: object.self, original };
    };
    const isMap = typeof value === "object" && !Array.isArray(value);
    if (isMap)
      yield mutant("with one more field in", (parent, key) => {
        parent[key].unknwn = "1";
      });
    if (path.length === 0) continue;
    if (typeof path.at(-1) === "string")
      yield mutant("without", (parent, key) => {
        delete parent[key];
      });
    for (const other of ["Zz-wrong", 5, true, {}, []]) {
      yield mutant(`with ${JSON.stringify(other)} for`, (parent, key) => {
        parent[key] = other;
      });
    }
  }
}

function* pathsOf(value: Any, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path;
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    yield* pathsOf(value[key], [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

async function connect(t: TestContext) {
  const { kubeconfig, context } = await readCluster();
  const { server, tls, token } = await readConnection(kubeconfig, context);
  const agent = new Agent({ ...tls, keepAlive: true, maxSockets: 8 });
  t.after(() => agent.destroy());
  const headers = {
    "content-type": "application/json",
    ...(token && { authorization: `Bearer ${token}` }),
  };
  return async ({ object, original }: Mutant) => {
    const { apiVersion, kind, metadata } = original;
    const path = listPath(apiVersion, kind, metadata.namespace);
    const url = new URL(`${server}${path}?dryRun=All&fieldValidation=Strict`);
    const answer: Any = await new Promise((resolve, reject) => {
      const sent = request(url, { method: "POST", agent, headers });
      sent.on("response", (response) => resolve(json(response))).on("error", reject);
      sent.end(JSON.stringify(object));
    });
    const refused = answer.kind === "Status";
    return {
      status: refused ? Number(answer.code) : 201,
      message: refused ? String(answer.message) : "",
      reasons: (answer.details?.causes ?? []).map(({ reason }: Any) => String(reason)) as string[],
    };
  };
}
