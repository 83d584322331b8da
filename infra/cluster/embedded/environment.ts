import { delimiter } from "node:path";
import { plainEnvironment } from "../../adapters/process.ts";
import { network } from "./layout.ts";

/** Where administrators' programs are, which are not on everybody's PATH. */
export const adminFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/**
 * The environment of the cluster's programs and of those that set up the machine: they find each
 * other, and no proxy of the user's network comes between them.
 */
export function adminEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, NO_PROXY, no_proxy } = process.env;
  const direct = [
    ...[NO_PROXY ?? no_proxy].filter(Boolean),
    "localhost",
    "127.0.0.1",
    network.podCidr,
    network.serviceCidr,
    ".svc",
    ".cluster.local",
  ].join(",");
  return plainEnvironment({
    PATH: [PATH, ...adminFolders].filter(Boolean).join(delimiter),
    NO_PROXY: direct,
    no_proxy: direct,
    ...extra,
  });
}
