import { Agent, request } from "node:https";
import { objectPath } from "../../adapters/kubernetes/paths.ts";
import type { Credentials } from "./credentials.ts";
import { network, ports } from "./layout.ts";

/** A Kubernetes object. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The cluster's API, as its administrator. */
export interface Api {
  /** The object at an API path. Rejects unless the answer is 200. */
  get(path: string): Promise<Answer>;
  /** Makes the object be as given, whoever changed it (server-side apply). */
  apply(object: KubernetesObject): Promise<void>;
  close(): void;
}

/** What the API server answers: the parts of it that the caller looks at are to be checked. */
// biome-ignore lint/suspicious/noExplicitAny: any JSON.
export type Answer = any;

/** Opens the API. Nothing is sent before the first call. */
export function openApi(credentials: Credentials): Api {
  const { certificate, key } = credentials.admin;
  const agent = new Agent({
    keepAlive: true,
    ca: credentials["cluster-ca"].certificate,
    cert: certificate,
    key,
  });
  return {
    get: (path) => send(agent, "GET", path),
    apply: async (object) => {
      await send(agent, "PATCH", `${objectPath(object)}?fieldManager=slipway&force=true`, object);
    },
    close: () => agent.destroy(),
  };
}

function send(agent: Agent, method: string, path: string, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { accept: "application/json", "content-type": "application/apply-patch+yaml" };
    const target = {
      agent,
      host: network.node,
      port: ports.apiServer,
      method,
      path,
      headers,
      timeout: 10_000,
    };
    const call = request(target, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(text));
        else reject(new Error(`${method} ${path} answered ${response.statusCode}: ${text}`));
      });
    });
    call.on("timeout", () => call.destroy(new Error(`${method} ${path} did not answer`)));
    call.on("error", reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
