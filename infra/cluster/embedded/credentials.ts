import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { readIfExists, writeAtomically } from "../../adapters/files.ts";
import {
  issueAuthority,
  issueCertificate,
  isUsable,
  type KeyPair,
  newSigningKey,
  type Subject,
} from "./certificates.ts";
import { type Layout, network, nodeName } from "./layout.ts";

/** Every key pair of the cluster by name, and where its halves are on disk. */
export type Credentials = Readonly<Record<PairName, KeyPair>>;

type AuthorityName = "cluster-ca" | "front-proxy-ca" | "etcd-ca";

/**
 * Who holds which certificate. The names and groups are those that Kubernetes' own RBAC rules are
 * written for (https://kubernetes.io/docs/setup/best-practices/certificates/). etcd and the front
 * proxy have authorities of their own: else every client of the API server could pass for another.
 */
const subjects = {
  admin: { authority: "cluster-ca", commonName: "slipway-admin", organization: "system:masters" },
  "kube-apiserver": {
    authority: "cluster-ca",
    commonName: "kube-apiserver",
    hosts: [
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
      "localhost",
      "127.0.0.1",
      network.node,
      network.apiService,
    ],
  },
  "kubelet-client": { authority: "cluster-ca", commonName: "kube-apiserver-kubelet-client" },
  "kube-controller-manager": {
    authority: "cluster-ca",
    commonName: "system:kube-controller-manager",
    hosts: ["localhost", "127.0.0.1"],
  },
  "kube-scheduler": {
    authority: "cluster-ca",
    commonName: "system:kube-scheduler",
    hosts: ["localhost", "127.0.0.1"],
  },
  "kube-proxy": { authority: "cluster-ca", commonName: "system:kube-proxy" },
  kubelet: {
    authority: "cluster-ca",
    commonName: `system:node:${nodeName}`,
    organization: "system:nodes",
    hosts: [nodeName, network.node],
  },
  "metrics-server": {
    authority: "cluster-ca",
    commonName: "metrics-server",
    hosts: ["metrics-server.kube-system.svc"],
  },
  "front-proxy-client": { authority: "front-proxy-ca", commonName: "front-proxy-client" },
  etcd: { authority: "etcd-ca", commonName: "etcd", hosts: ["localhost", "127.0.0.1"] },
  "etcd-client": { authority: "etcd-ca", commonName: "kube-apiserver" },
} as const satisfies Record<string, Subject & { authority: AuthorityName }>;

const authorities = ["cluster-ca", "front-proxy-ca", "etcd-ca"] as const;

/** The name of one of the cluster's key pairs. */
export type PairName = keyof typeof subjects | AuthorityName;

/** Where the certificate of a pair is. */
export const certificatePath = (paths: Layout, name: PairName) => join(paths.pki, `${name}.crt`);

/** Where the key of a pair is. */
export const keyPath = (paths: Layout, name: PairName) => join(paths.pki, `${name}.key`);

/** Where the halves of the key are that signs service account tokens. */
export const tokenKeyPaths = (paths: Layout) => ({
  key: join(paths.pki, "service-account.key"),
  publicKey: join(paths.pki, "service-account.pub"),
});

/** Where the configuration is by which the API server encrypts Secrets before it stores them. */
export const encryptionPath = (paths: Layout) => join(paths.pki, "encryption.json");

const authorityYears = 10;
const leafDays = 365;
const renewDays = 30;

/**
 * Makes the keys and certificates that are missing, and anew those that end within 30 days.
 * Authorities and the key of the Secrets stay as long as the cluster.
 */
export async function ensureCredentials(paths: Layout, now: Date): Promise<Credentials> {
  const from = new Date(now.getTime() - 60 * 60 * 1000); // Clocks step back now and then.
  const pairs = new Map<PairName, KeyPair>();
  for (const name of authorities) {
    const make = () => issueAuthority(`slipway-${name}`, { from, days: authorityYears * 365 });
    pairs.set(name, (await readPair(paths, name)) ?? (await writePair(paths, name, await make())));
  }
  for (const name of Object.keys(subjects) as (keyof typeof subjects)[]) {
    const { authority: signer, ...subject } = subjects[name];
    const authority = pairs.get(signer) as KeyPair;
    const old = await readPair(paths, name);
    const usable = old && isUsable(old, authority, now, renewDays) ? old : undefined;
    const make = () => issueCertificate(authority, subject, { from, days: leafDays });
    pairs.set(name, usable ?? (await writePair(paths, name, await make())));
  }
  await ensureTokenKey(paths);
  await ensureEncryptionKey(paths);
  return Object.fromEntries(pairs) as Credentials;
}

/** The key pairs that are on disk, or undefined when one is missing. */
export async function readCredentials(paths: Layout): Promise<Credentials | undefined> {
  const pairs = new Map<string, KeyPair>();
  for (const name of [...authorities, ...Object.keys(subjects)] as PairName[]) {
    const pair = await readPair(paths, name);
    if (!pair) return undefined;
    pairs.set(name, pair);
  }
  return Object.fromEntries(pairs) as Credentials;
}

async function ensureTokenKey(paths: Layout): Promise<void> {
  const { key, publicKey } = tokenKeyPaths(paths);
  if ((await readIfExists(key)) && (await readIfExists(publicKey))) return;
  const made = newSigningKey();
  await writeAtomically(key, made.key);
  await writeAtomically(publicKey, made.publicKey);
}

/** https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/ */
async function ensureEncryptionKey(paths: Layout): Promise<void> {
  if (await readIfExists(encryptionPath(paths))) return;
  const key = { name: "key1", secret: randomBytes(32).toString("base64") };
  const configuration = {
    kind: "EncryptionConfiguration",
    apiVersion: "apiserver.config.k8s.io/v1",
    resources: [{ resources: ["secrets"], providers: [{ secretbox: { keys: [key] } }] }],
  };
  await writeAtomically(encryptionPath(paths), JSON.stringify(configuration));
}

async function readPair(paths: Layout, name: PairName): Promise<KeyPair | undefined> {
  const certificate = await readIfExists(certificatePath(paths, name));
  const key = await readIfExists(keyPath(paths, name));
  return certificate && key ? { certificate, key } : undefined;
}

async function writePair(paths: Layout, name: PairName, pair: KeyPair): Promise<KeyPair> {
  await writeAtomically(keyPath(paths, name), pair.key);
  await writeAtomically(certificatePath(paths, name), pair.certificate);
  return pair;
}
