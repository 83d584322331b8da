import type { KeyPair } from "./certificates.ts";
import { contextName, network, ports } from "./layout.ts";

/** Where the API server is. */
export const serverUrl = `https://${network.node}:${ports.apiServer}`;

/** A kubeconfig file with one context. It is JSON, which is YAML too and faster to parse. */
export function renderKubeconfig(user: KeyPair, authority: KeyPair): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const name = contextName;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [
      {
        name,
        cluster: { server: serverUrl, "certificate-authority-data": base64(authority.certificate) },
      },
    ],
    users: [
      {
        name,
        user: {
          "client-certificate-data": base64(user.certificate),
          "client-key-data": base64(user.key),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}
