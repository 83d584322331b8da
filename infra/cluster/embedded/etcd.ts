import { join } from "node:path";
import { certificatePath, keyPath } from "./credentials.ts";
import type { Ingredients } from "./ingredients.ts";
import { loopback, nodeName, ports } from "./layout.ts";
import type { Part } from "./parts.ts";
import { answers, trustOf } from "./probes.ts";

/** Stores the cluster's objects. Only holders of a certificate of its own authority may talk to it. */
export function etcd({ paths, tools, credentials }: Ingredients): Part {
  const url = `https://${loopback(ports.etcd)}`;
  const peerUrl = `https://${loopback(ports.etcdPeer)}`;
  const files = {
    cert: certificatePath(paths, "etcd"),
    key: keyPath(paths, "etcd"),
    ca: certificatePath(paths, "etcd-ca"),
  };
  return {
    name: "etcd",
    program: tools.etcd,
    args: [
      `--name=${nodeName}`,
      `--data-dir=${join(paths.data, "etcd")}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=${nodeName}=${peerUrl}`,
      `--cert-file=${files.cert}`,
      `--key-file=${files.key}`,
      `--trusted-ca-file=${files.ca}`,
      "--client-cert-auth=true",
      `--peer-cert-file=${files.cert}`,
      `--peer-key-file=${files.key}`,
      `--peer-trusted-ca-file=${files.ca}`,
      "--peer-client-cert-auth=true",
      "--log-level=warn",
    ],
    reads: Object.values(files),
    probe: () =>
      answers(`${url}/health`, trustOf(credentials["etcd-ca"], credentials["etcd-client"])),
  };
}
