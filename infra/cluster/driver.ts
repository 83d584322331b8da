import type { Report } from "../adapters/report.ts";

/** The kinds of cluster that Slipway can use. */
export const driverNames = ["embedded", "kind", "minikube", "context"] as const;

/** One of the kinds of cluster that Slipway can use. */
export type DriverName = (typeof driverNames)[number];

/** How to reach a cluster that is up. */
export interface Cluster {
  readonly driver: DriverName;
  /** Path of the kubeconfig file. */
  readonly kubeconfig: string;
  /** Name of the context in the kubeconfig file. */
  readonly context: string;
  /** Where images are pushed and what pods pull from, such as "localhost:5000". */
  readonly registry: string;
  /** Host on which this machine reaches the NodePorts of Services, such as "127.0.0.1". */
  readonly address: string;
  /** What builds images: the Docker engine, or a BuildKit daemon at an address "unix:///...". */
  readonly builder: "docker" | { readonly buildkit: string };
}

/** One thing that a cluster is made of, as it is now. */
export interface PartStatus {
  readonly name: string;
  readonly state: "running" | "stopped" | "missing";
  /** Why it is not running, or more about it. */
  readonly detail?: string;
}

/** A cluster as it is now. Finding out changes nothing. */
export interface ClusterStatus {
  readonly driver: DriverName;
  /** True when every part is running. */
  readonly running: boolean;
  readonly parts: readonly PartStatus[];
  /** What a user of this kind of cluster should know. */
  readonly notes: readonly string[];
}

/** Brings one kind of cluster up and down. */
export interface ClusterDriver {
  readonly name: DriverName;
  /** What `up` will change on the machine, one line a change; empty when it will change nothing. */
  plan(): Promise<readonly string[]>;
  /** Brings the cluster up, or repairs what is broken of it. Does nothing to one that is well. */
  up(report: Report): Promise<Cluster>;
  status(): Promise<ClusterStatus>;
  /** Removes the cluster, whatever state it is in. Does nothing when there is none. */
  down(report: Report): Promise<void>;
}
