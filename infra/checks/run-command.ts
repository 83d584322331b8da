import { randomBytes } from "node:crypto";
import type { KubernetesClient } from "../adapters/kubernetes/client.ts";
import { listPath, objectPath } from "../adapters/kubernetes/paths.ts";
import { UserError } from "../domain/errors.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import { commandJob } from "../domain/package-tests/command-job.ts";
import type { Ended } from "../domain/package-tests/judge-smoke.ts";

/** The fields of a live Job and of its pods that tell how it ended. */
interface LiveJob {
  readonly status?: { readonly conditions?: readonly { type: string; message?: string }[] };
}

interface LivePods {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: {
      readonly containerStatuses?: readonly {
        readonly state?: { readonly terminated?: { readonly exitCode: number } };
      }[];
    };
  }[];
}

/** Time that scheduling and the start of a container may take. */
const placementSeconds = 60;

/**
 * Runs a command once in a pod like those of the agent, and removes it.
 *
 * @throws {UserError} `command-not-run` when the pod never started or never ended.
 */
export async function runCommand(
  client: KubernetesClient,
  deployment: KubernetesObject,
  command: readonly string[],
  timeoutSeconds: number,
): Promise<Ended> {
  const name = `${deployment.metadata.name}-test-${randomBytes(3).toString("hex")}`;
  const seconds = timeoutSeconds + placementSeconds;
  const job = commandJob(deployment, { name, command, timeoutSeconds: seconds });
  const { namespace } = job.metadata;
  const list = listPath(job.apiVersion, job.kind, namespace);
  await client.create(list, job);
  try {
    const end = await jobEnd(
      client,
      `${list}?watch=true&fieldSelector=metadata.name=${name}`,
      seconds,
    );
    return await readEnd(client, namespace, name, end);
  } finally {
    await client.text("DELETE", `${objectPath(job)}?propagationPolicy=Background`);
  }
}

/** What the Job itself says when it is over. */
async function jobEnd(client: KubernetesClient, path: string, seconds: number): Promise<string> {
  const stop = new AbortController();
  // The Job's own deadline comes first; this one is for a Job that nobody looks after.
  const timer = AbortSignal.any([stop.signal, AbortSignal.timeout((seconds + 10) * 1000)]);
  let end = "nothing happened to it";
  while (!timer.aborted) {
    await client.watch<LiveJob>(
      path,
      ({ object }) => {
        const conditions = object.status?.conditions ?? [];
        const over = conditions.find(({ type }) => type === "Complete" || type === "Failed");
        if (over === undefined) return;
        end = over.message ?? over.type;
        stop.abort();
      },
      timer,
    );
    // The server ends a watch when it likes; one that is gone ends this with its error.
    if (!timer.aborted) await client.text("GET", "/readyz");
  }
  return end;
}

async function readEnd(
  client: KubernetesClient,
  namespace: string | undefined,
  job: string,
  end: string,
): Promise<Ended> {
  const pods = listPath("v1", "Pod", namespace);
  const query = new URLSearchParams({ labelSelector: `batch.kubernetes.io/job-name=${job}` });
  const { items } = await client.get<LivePods>(`${pods}?${query}`);
  const [pod] = items;
  const exitCode = pod?.status.containerStatuses?.[0]?.state?.terminated?.exitCode;
  if (pod === undefined || exitCode === undefined) {
    throw new UserError("command-not-run", `The command did not end: ${end}`);
  }
  return { exitCode, output: await client.text("GET", `${pods}/${pod.metadata.name}/log`) };
}
