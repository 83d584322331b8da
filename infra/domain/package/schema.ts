import { apiVersion, dnsLabel, seconds, semanticVersion, unprivilegedPort } from "../text/rules.ts";
import { closed, type Schema } from "../text/schema.ts";

const path: Schema = {
  type: "string",
  pattern: "^/[A-Za-z0-9/_.-]*$",
  description: "a path that starts with /",
};

const text: Schema = { type: "string", minLength: 1 };

const probe: Schema = {
  ...closed({ command: { type: "array", items: text, minItems: 1 } }),
  ...path,
  type: ["string", "object"],
  description: "a path that starts with /, or command: [...]",
};

/** A path of a file or folder in a package, from the package's own folder. */
export const inside: Schema = {
  type: "string",
  // No empty, hidden or parent folder: what a package names stays inside the package.
  pattern: "^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$",
};

const range: Schema = {
  type: "string",
  pattern: "^[0-9A-Za-z^~<>=*+ .|-]+$",
  maxLength: 100,
};

/** Room for `-` and a hash of 10 digits in the names that are derived from it. */
const maxNameLength = 50;

/** The shape of `package.yaml`. */
export const packageSchema: Schema = closed(
  {
    apiVersion,
    name: dnsLabel(maxNameLength),
    version: semanticVersion,
    appVersion: semanticVersion,
    description: { ...text, maxLength: 200 },
    kubernetes: { ...range, description: "a range of Kubernetes versions such as >=1.30" },
    image: closed(
      { context: { ...inside, description: "a folder inside the package" }, baseImage: text },
      ["context"],
    ),
    agent: closed(
      {
        port: unprivilegedPort,
        probes: closed({ startup: probe, ready: probe, live: probe }),
        drain: closed({ port: unprivilegedPort, path, seconds: seconds(0, 300) }),
        startupBudgetSeconds: seconds(1, 3600),
        longestTaskSeconds: seconds(1, 86_400),
        concurrencyPerPod: { type: "integer", minimum: 1, maximum: 10_000 },
      },
      ["probes", "startupBudgetSeconds", "longestTaskSeconds", "concurrencyPerPod"],
    ),
    prompts: { ...inside, description: "a folder inside the package" },
    model: { ...inside, description: "a file inside the package" },
    tools: { ...inside, description: "a file inside the package" },
    dependencies: {
      type: "array",
      items: closed(
        {
          name: dnsLabel(maxNameLength),
          version: { ...range, description: "a range of versions such as ^1.2.0" },
          repository: {
            type: "string",
            pattern: "^oci://[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+$",
            description: "oci:// and a repository without a tag",
          },
        },
        ["name", "version"],
      ),
    },
  },
  ["apiVersion", "name", "version", "appVersion", "kubernetes", "image", "agent"],
);
