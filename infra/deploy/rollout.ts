import type { KubernetesClient, WatchEvent } from "../adapters/kubernetes/client.ts";
import { listPath } from "../adapters/kubernetes/paths.ts";
import type { Report } from "../adapters/report.ts";
import { compareObject } from "../domain/live/compare.ts";
import type { KubernetesObject } from "../domain/manifests/object.ts";
import type {
  LiveDeployment,
  LiveEndpointSlice,
  LiveEvent,
  LiveJob,
  LivePod,
  LiveReplicaSet,
} from "../domain/rollout/facts.ts";
import { judgeJob } from "../domain/rollout/job.ts";
import { judgeRollout } from "../domain/rollout/judge.ts";
import type { Failure, Judgement } from "../domain/rollout/judgement.ts";
import { rolloutError } from "./failure.ts";

/** Rollouts that are being watched. */
export interface RolloutWatch {
  /** Rejects with a `RolloutError` as soon as any of the new pods cannot become ready. */
  readonly failed: Promise<never>;
  /** Resolves when the pods of all Deployments are the new ones, ready, and reachable. */
  ready(): Promise<void>;
  /** Whether any pod template, of the current or of an earlier revision, names this object. */
  isUsed(name: string): boolean;
  stop(): void;
}

/**
 * Watches the Deployments and Jobs among the objects from before they change until they are done.
 * The provider's own wait tells a pod that cannot start only when its time is up; this one tells it
 * at once.
 */
export function watchRollouts(
  client: KubernetesClient,
  objects: readonly KubernetesObject[],
  report: Report,
): RolloutWatch {
  const watch = new Watch(client, objects, report);
  watch.start();
  return watch;
}

type Named = { readonly metadata: { readonly name: string; readonly uid?: string } };

class Watch implements RolloutWatch {
  readonly failed: Promise<never>;
  private readonly client: KubernetesClient;
  private readonly objects: readonly KubernetesObject[];
  private readonly report: Report;
  private readonly stopping = new AbortController();
  private readonly cache = new Map<string, Map<string, Named>>();
  private readonly waiting = new Set<() => void>();
  private readonly told = new Map<string, string>();
  private fail: (error: unknown) => void = () => {};
  private failing = false;

  constructor(client: KubernetesClient, objects: readonly KubernetesObject[], report: Report) {
    this.client = client;
    this.objects = objects.filter(({ kind }) => kind === "Deployment" || kind === "Job");
    this.report = report;
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {}); // Whoever waits for it hears of it; nobody has to.
  }

  start(): void {
    const namespace = this.objects[0]?.metadata.namespace;
    for (const [kind, apiVersion] of watched) {
      const path = `${listPath(apiVersion, kind, namespace)}?watch=true`;
      this.follow(kind, path).catch((error) => this.fail(error));
    }
  }

  async ready(): Promise<void> {
    await Promise.race([this.failed, new Promise<void>((resolve) => this.whenReady(resolve))]);
  }

  isUsed(name: string): boolean {
    const owners = [...this.all("ReplicaSet"), ...this.all("Deployment")];
    return owners.some((owner) => JSON.stringify(owner).includes(`"${name}"`));
  }

  stop(): void {
    this.stopping.abort();
  }

  private whenReady(resolve: () => void): void {
    const check = () => {
      // Jobs are waited for by the engine; one that somebody removes must not hold this up for ever.
      const deployments = this.objects.filter(({ kind }) => kind === "Deployment");
      if (!deployments.every((desired) => this.isReady(desired))) return;
      this.waiting.delete(check);
      resolve();
    };
    this.waiting.add(check);
    check();
  }

  /** Goes on watching when the API server ends a watch, as it does after some minutes. */
  private async follow(kind: string, path: string): Promise<void> {
    while (!this.stopping.signal.aborted) {
      // A watch begins with everything that is there; what went away in between must not stay.
      this.cache.set(kind, new Map());
      await this.client.watch<Named>(path, (event) => this.take(kind, event), this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      await this.client.get("/readyz"); // Ends the loop with its error when the cluster is gone.
    }
  }

  private take(kind: string, { type, object }: WatchEvent<Named>): void {
    const key = object.metadata?.uid;
    if (!key) return;
    if (type === "DELETED") this.cache.get(kind)?.delete(key);
    else this.cache.get(kind)?.set(key, object);
    for (const desired of this.objects) this.look(desired);
    for (const check of this.waiting) check();
  }

  private look(desired: KubernetesObject): void {
    const judgement = this.judge(desired);
    if (judgement?.kind === "failed") void this.explain(judgement);
    if (judgement?.kind !== "progressing") return;
    const { name } = desired.metadata;
    if (this.told.get(name) === judgement.text) return;
    this.told.set(name, judgement.text);
    this.report(`${name}: ${judgement.text}`);
  }

  private isReady(desired: KubernetesObject): boolean {
    return this.judge(desired)?.kind === "ready";
  }

  private judge(desired: KubernetesObject): Judgement | undefined {
    return desired.kind === "Job" ? this.judgeJob(desired) : this.judgeDeployment(desired);
  }

  private judgeJob({ metadata }: KubernetesObject): Judgement | undefined {
    const job = this.all<LiveJob>("Job").find((live) => live.metadata.name === metadata.name);
    if (!job) return undefined;
    return judgeJob({ job, pods: this.all<LivePod>("Pod"), events: this.all<LiveEvent>("Event") });
  }

  /** Undefined while the Deployment is not yet, or no longer, the one that is deployed. */
  private judgeDeployment(desired: KubernetesObject): Judgement | undefined {
    const { name } = desired.metadata;
    const deployment = this.all<LiveDeployment>("Deployment").find(
      ({ metadata }) => metadata.name === name,
    );
    if (!deployment || compareObject(desired, deployment, 1).length > 0) return undefined;
    const slices = this.all<LiveEndpointSlice & { metadata: { labels?: Record<string, string> } }>(
      "EndpointSlice",
    );
    return judgeRollout({
      deployment,
      replicaSets: this.all<LiveReplicaSet>("ReplicaSet"),
      pods: this.all<LivePod>("Pod"),
      events: this.all<LiveEvent>("Event"),
      endpointSlices: slices.filter(
        ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name,
      ),
    });
  }

  private async explain(failure: Failure): Promise<void> {
    if (this.failing) return;
    this.failing = true;
    this.fail(await rolloutError(this.client, this.objects[0]?.metadata.namespace, failure));
  }

  private all<T>(kind: string): T[] {
    return [...(this.cache.get(kind)?.values() ?? [])] as T[];
  }
}

const watched = [
  ["Deployment", "apps/v1"],
  ["Job", "batch/v1"],
  ["ReplicaSet", "apps/v1"],
  ["Pod", "v1"],
  ["Event", "v1"],
  ["EndpointSlice", "discovery.k8s.io/v1"],
] as const;
