import { apiVersion, dnsLabel, seconds, semanticVersion, unprivilegedPort } from "../text/rules.ts";
import { closed, type Schema } from "../text/schema.ts";

const path: Schema = {
  type: "string",
  pattern: "^/[A-Za-z0-9/_.-]*$",
  description: "a path that starts with /",
};

const text: Schema = { type: "string", minLength: 1 };

/** Room for `-` and a hash of 10 digits in the names that are derived from it. */
const maxNameLength = 50;

/** The shape of `package.yaml`. */
export const packageSchema: Schema = closed({
  apiVersion,
  name: dnsLabel(maxNameLength),
  version: semanticVersion,
  appVersion: semanticVersion,
  kubernetes: { ...text, description: "a range of Kubernetes versions such as >=1.30" },
  image: closed(
    {
      context: {
        type: "string",
        // No empty, hidden or parent folder: the build context stays inside the package.
        pattern: "^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$",
        description: "a folder inside the package",
      },
      baseImage: text,
    },
    ["context"],
  ),
  agent: closed({
    port: unprivilegedPort,
    adminPort: unprivilegedPort,
    probes: closed({ startup: path, ready: path, live: path }),
    drainPath: path,
    drainSeconds: seconds(0, 300),
    startupBudgetSeconds: seconds(1, 3600),
    longestTaskSeconds: seconds(1, 86_400),
    concurrencyPerPod: { type: "integer", minimum: 1, maximum: 10_000 },
  }),
});
