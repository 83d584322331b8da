import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { UserError } from "../../domain/errors.ts";
import { type Connection, readConnection } from "./kubeconfig.ts";

/** The API server answered, and the answer was no: its own status and words. */
export class ApiError extends UserError {
  readonly status: number;

  constructor(status: number, message: string) {
    super(`api-${status}`, `The API server answered ${status}: ${message}`);
    this.status = status;
  }
}

/** One event of a watch. */
export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

/**
 * Talks to one API server, over connections that stay open. Only plain requests: what the engine
 * applies, the engine applies.
 */
export class KubernetesClient {
  private readonly connection: Connection;
  private readonly agent: Agent;

  private constructor(connection: Connection) {
    this.connection = connection;
    // Enough for a burst of reads beside the watches, each of which holds one connection.
    this.agent = new Agent({ ...connection.tls, keepAlive: true, maxSockets: 16 });
  }

  /** A client for one context of a kubeconfig file. Nothing is sent yet. */
  static async connect(kubeconfig: string, context: string): Promise<KubernetesClient> {
    return new KubernetesClient(await readConnection(kubeconfig, context));
  }

  /**
   * Reads the object or list at an API path such as `/apis/apps/v1/namespaces/x/deployments`.
   *
   * @throws {ApiError} with the API server's status.
   * @throws {UserError} `cluster-unreachable` when there is no answer within `timeoutMs`.
   */
  async get<T>(path: string, timeoutMs = 10_000): Promise<T> {
    return JSON.parse(await this.text("GET", path, timeoutMs));
  }

  /** Like `get`, but undefined when there is nothing at this path. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * Creates an object in the list at an API path.
   *
   * @throws {ApiError} with the API server's status: 409 when it is there already.
   */
  async create(path: string, object: object): Promise<void> {
    await this.text("POST", path, 10_000, JSON.stringify(object));
  }

  /**
   * Changes the object at an API path.
   *
   * @param type of the patch: what the API server calls its content type
   * @throws {ApiError} with the API server's status.
   */
  async patch(path: string, type: string, patch: object): Promise<void> {
    await this.text("PATCH", path, 10_000, JSON.stringify(patch), type);
  }

  /** The plain text at a path, such as a pod's log. */
  text(
    method: "GET" | "DELETE" | "POST" | "PATCH",
    path: string,
    timeoutMs = 10_000,
    body?: string,
    type = "application/json",
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = AbortSignal.timeout(timeoutMs);
      const fail = (error: Error) =>
        reject(this.unreachable(error, timer.aborted ? timeoutMs : undefined));
      this.send(method, path, timer, body, type)
        .on("error", fail)
        .on("response", (response) => {
          let answer = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            answer += chunk;
          });
          response.on("error", fail);
          response.on("end", () => {
            const status = response.statusCode ?? 0;
            if (status < 300) resolve(answer);
            else reject(new ApiError(status, messageOf(answer)));
          });
        });
    });
  }

  /**
   * Follows what happens at a list path, until the signal or the API server ends it.
   *
   * @throws {ApiError} when the API server will not have it, now or later: not when it is too busy.
   */
  async watch<T>(path: string, onEvent: (event: WatchEvent<T>) => void, signal: AbortSignal) {
    const response = await new Promise<IncomingMessage | undefined>((resolve) => {
      this.send("GET", path, signal)
        .on("response", resolve)
        .on("error", () => resolve(undefined));
    });
    if (!response) return;
    if (response.statusCode !== 200) return refuseWatch(response);
    let rest = "";
    response.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onEvent(JSON.parse(line));
    });
    // However it ends, by the signal, by the server or by a cut line, the caller looks again.
    await new Promise<void>((resolve) =>
      response.on("error", () => resolve()).on("close", resolve),
    );
  }

  /** Closes the connections, so that the process can end. */
  close(): void {
    this.agent.destroy();
  }

  private send(method: string, path: string, signal: AbortSignal, body?: string, type?: string) {
    const url = new URL(this.connection.server + path);
    const { token } = this.connection;
    const headers = {
      accept: "application/json",
      ...(body !== undefined && { "content-type": type }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const sent = request(url, { method, headers, agent: this.agent, signal });
    sent.end(body);
    return sent;
  }

  private unreachable(error: Error, timeoutMs: number | undefined): UserError {
    const why = timeoutMs === undefined ? error.message : `no answer within ${timeoutMs / 1000} s`;
    return new UserError(
      "cluster-unreachable",
      `The API server ${this.connection.server} cannot be reached: ${why}`,
      "npx slipway cluster up",
      { cause: error },
    );
  }
}

async function refuseWatch(response: IncomingMessage): Promise<void> {
  const status = response.statusCode ?? 0;
  const body = await text(response).catch(() => "");
  if (status < 500 && status !== 429) throw new ApiError(status, messageOf(body));
}

function messageOf(body: string): string {
  try {
    return JSON.parse(body).message ?? body;
  } catch {
    return body.slice(0, 300);
  }
}
