import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { UserError } from "../../domain/errors.ts";
import { CommandError, lastLines, run } from "../process.ts";

/** Everything that is needed to talk to one API server. */
export interface Connection {
  /** Such as `https://127.0.0.1:6443`, with a path prefix where the cluster has one. */
  readonly server: string;
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
  readonly token?: string;
}

interface Kubeconfig {
  readonly clusters?: readonly { readonly name: string; readonly cluster: Cluster }[];
  readonly contexts?: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string };
  }[];
  readonly users?: readonly { readonly name: string; readonly user?: User }[];
}

interface Cluster {
  readonly server: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "tls-server-name"?: string;
}

interface User {
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly exec?: {
    readonly command: string;
    readonly args?: readonly string[];
    readonly env?: readonly { readonly name: string; readonly value: string }[];
    readonly apiVersion: string;
    /** What to do when the command is missing. */
    readonly installHint?: string;
  };
}

/** The user's own kubeconfig: the first file that KUBECONFIG lists. @default ~/.kube/config */
export function defaultKubeconfig(): string {
  const [first] = (process.env.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  return first ?? join(homedir(), ".kube", "config");
}

/**
 * Reads how to reach the cluster of one context.
 *
 * Credential plugins (`users[].user.exec`) are run as client-go runs them
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
 *
 * @throws {UserError} `kubeconfig-unreadable`, also for a file that it names; `kubeconfig-no-context`;
 * `credential-plugin` when the plugin is missing or gives no credential.
 */
export async function readConnection(path: string, context: string): Promise<Connection> {
  const config = await readKubeconfig(path);
  const found = config.contexts?.find(({ name }) => name === context)?.context;
  const cluster = config.clusters?.find(({ name }) => name === found?.cluster)?.cluster;
  if (!found || !cluster) {
    const names = config.contexts?.map(({ name }) => name).join(", ") || "none";
    throw new UserError(
      "kubeconfig-no-context",
      `${path} has no usable context "${context}"; it has: ${names}`,
      "Correct the environment's cluster in stacks/pipeline.yaml",
    );
  }
  const user = config.users?.find(({ name }) => name === found.user)?.user ?? {};
  const status = user.exec ? await runCredentialPlugin(user.exec, dirname(path)) : {};
  const part = (file?: string, data?: string) => readPart(dirname(path), file, data);
  const ca = await part(cluster["certificate-authority"], cluster["certificate-authority-data"]);
  const cert =
    status.clientCertificateData ??
    (await part(user["client-certificate"], user["client-certificate-data"]));
  const key = status.clientKeyData ?? (await part(user["client-key"], user["client-key-data"]));
  const token = status.token ?? user.token ?? (await part(user.tokenFile))?.trim();
  const servername = cluster["tls-server-name"];
  return {
    server: cluster.server.replace(/\/$/, ""),
    tls: {
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(servername && { servername }),
      ...(cluster["insecure-skip-tls-verify"] && { rejectUnauthorized: false }),
    },
    ...(token && { token }),
  };
}

async function readKubeconfig(path: string): Promise<Kubeconfig> {
  try {
    const text = await readFile(path, "utf8");
    if (text.startsWith("{")) return JSON.parse(text); // The embedded cluster's: no parser to load.
    const { parse } = await import("yaml");
    return parse(text) ?? {};
  } catch (error) {
    throw unreadable(`The kubeconfig ${path}`, error);
  }
}

async function readPart(folder: string, file?: string, data?: string) {
  if (data) return Buffer.from(data, "base64").toString("utf8");
  if (!file) return undefined;
  const path = resolve(folder, file);
  return readFile(path, "utf8").catch((error) => {
    throw unreadable(`${path}, which the kubeconfig names,`, error);
  });
}

function unreadable(what: string, error: unknown): UserError {
  const why = (error as Error).message;
  return new UserError(
    "kubeconfig-unreadable",
    `${what} cannot be read: ${why}`,
    "npx slipway cluster up",
    { cause: error },
  );
}

type Exec = NonNullable<User["exec"]>;

interface Credential {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
}

async function runCredentialPlugin(exec: Exec, folder: string): Promise<Credential> {
  // A path is meant from the kubeconfig's folder; a name is looked for on PATH.
  const command = exec.command.includes("/") ? resolve(folder, exec.command) : exec.command;
  const info = {
    apiVersion: exec.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false },
  };
  const extra = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  // Cloud plugins read variables of their own (AWS_PROFILE, CLOUDSDK_…): all but the engine's.
  const theirs = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_"));
  const { stdout } = await run(command, exec.args ?? [], {
    env: { ...Object.fromEntries(theirs), ...extra, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    timeoutMs: 30_000,
  }).catch((error) => {
    throw pluginError(exec, error instanceof CommandError ? failureOf(error) : String(error));
  });
  return parseCredential(stdout) ?? refusePlugin(exec);
}

/** Its standard error only: on standard output it prints credentials. */
function failureOf({ message, stderr }: CommandError): string {
  return [message.split("\n", 1)[0], lastLines(stderr, 20)].filter(Boolean).join("\n");
}

function parseCredential(text: string): Credential | undefined {
  try {
    return JSON.parse(text).status;
  } catch {
    return undefined;
  }
}

function refusePlugin(exec: Exec): never {
  throw pluginError(exec, `${exec.command} printed no credential`);
}

function pluginError({ command, installHint }: Exec, why: string): UserError {
  return new UserError(
    "credential-plugin",
    `The kubeconfig's credential plugin failed: ${why}`,
    installHint ?? `See that ${command} is installed and logged in, then try again`,
  );
}
