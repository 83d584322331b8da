import { plainEnvironment } from "../../adapters/process.ts";
import { adminPath } from "../../adapters/programs.ts";
import { network } from "./layout.ts";

/**
 * The environment of the cluster's programs and of those that set up the machine: they find each
 * other, and no proxy of the user's network comes between them.
 */
export function adminEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { NO_PROXY, no_proxy } = process.env;
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
    PATH: adminPath(),
    NO_PROXY: direct,
    no_proxy: direct,
    ...extra,
  });
}
