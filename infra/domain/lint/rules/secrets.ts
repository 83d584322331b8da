import type { KubernetesObject } from "../../manifests/object.ts";
import { isSecretName, secretShape } from "../../secrets/naming.ts";
import { findSecrets } from "../../secrets/secret-files.ts";
import { at, mapAt, mapsAt, textAt } from "../read.ts";
import { type Complaint, inContainers, inObjects, inPods, type Rule } from "../rule.ts";
import type { AgentSubject } from "../subject.ts";

const practices = "https://kubernetes.io/docs/concepts/security/secrets-good-practices/";

/** Read by the owner and the volume's group, by nobody else. */
const groupOnly = 0o440;

/** What a setting gives away, if it does. A path is none: it says where the secret is. */
function givenAway(name: string, value: string): string | undefined {
  const shape = secretShape(value);
  if (shape !== undefined) return `holds ${shape}`;
  const secret = isSecretName(name) && value !== "" && !value.startsWith("/");
  return secret ? "has the name of a secret, in a place that everybody may read" : undefined;
}

/** ConfigMaps whose keys become environment variables; the others hold files. */
function settingMaps({ pods }: AgentSubject): ReadonlySet<string> {
  const sources = pods.flatMap(({ containers }) =>
    containers.flatMap(({ container }) => mapsAt(container, "envFrom")),
  );
  return new Set(sources.map((source) => textAt(source, "configMapRef.name")));
}

function* settingProblems(map: KubernetesObject, subject: AgentSubject): Generator<Complaint> {
  if (!settingMaps(subject).has(map.metadata.name)) return;
  for (const [key, value] of Object.entries(mapAt(map, "data"))) {
    const found = givenAway(key, String(value));
    if (found !== undefined) yield [`data.${key}`, found];
  }
}

function* textProblems(map: KubernetesObject, subject: AgentSubject): Generator<Complaint> {
  if (settingMaps(subject).has(map.metadata.name)) return;
  for (const [key, text] of Object.entries(mapAt(map, "data"))) {
    for (const { line, message } of findSecrets(key, new TextEncoder().encode(String(text)))) {
      yield [`data[${key}]`, line === undefined ? message : `line ${line} ${message}`];
    }
  }
}

/** Rules about what nobody may read. */
export const secretRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW032",
    title: "Secrets are files, not environment variables",
    severity: "warning",
    why: "An environment is inherited by every child process, and is shown by crash reports, debug pages and whoever may look at the process. It cannot be changed while the process runs.",
    fix: "take the key out of secretsAsEnvironment and read the file that <KEY>_FILE names",
    sources: [practices],
    check: inContainers(function* ({ container }) {
      for (const { name, valueFrom } of mapsAt(container, "env")) {
        if (at(valueFrom, "secretKeyRef") === undefined) continue;
        yield [`env.${name}`, "gets a secret as an environment variable"];
      }
      for (const [index, source] of mapsAt(container, "envFrom").entries()) {
        if (at(source, "secretRef") === undefined) continue;
        yield [`envFrom.${index}`, "gets all of a Secret as environment variables"];
      }
    }),
  },
  {
    id: "SLW033",
    title: "No setting is a secret",
    severity: "error",
    why: "Settings stand in git, in the pod's description and in everybody's terminal.",
    fix: "declare the key under secrets, and put its value into the stack's env file",
    sources: [practices],
    check: function* (subject) {
      yield* inObjects(["ConfigMap"], settingProblems)(subject);
      yield* inContainers(function* ({ container }) {
        for (const { name, value } of mapsAt(container, "env")) {
          const found = givenAway(String(name), String(value ?? ""));
          if (found !== undefined) yield [`env.${name}`, found];
        }
      })(subject);
    },
  },
  {
    id: "SLW051",
    title: "Files with secrets are read by the agent's group alone",
    severity: "error",
    why: "By default every user in the container may read them, also one that a broken library runs as.",
    fix: "remove the patch; use secrets, or a volume with secret",
    sources: ["https://kubernetes.io/docs/concepts/configuration/secret/"],
    check: inPods(function* ({ spec }) {
      for (const volume of mapsAt(spec, "volumes")) {
        if (at(volume, "secret") === undefined) continue;
        const mode = Number(at(volume, "secret.defaultMode") ?? 0o644);
        if ((mode & ~groupOnly) === 0) continue;
        yield [
          `volumes.${volume.name}.secret.defaultMode`,
          `is 0${mode.toString(8)}, and 0${groupOnly.toString(8)} is enough`,
        ];
      }
    }),
  },
  {
    id: "SLW052",
    title: "Prompts, tools and other files hold no credential",
    severity: "error",
    why: "Whatever stands in a prompt may stand in an answer. Files of the package are in git, in the artifact, and in a ConfigMap.",
    fix: "take it out, revoke it, and let the agent read it from the file of a secret",
    sources: [practices],
    check: inObjects(["ConfigMap"], textProblems),
  },
  {
    id: "SLW055",
    title: "Settings and secrets are named by their content and never change",
    severity: "error",
    why: "If one changes in place, some pods have the old and some the new, and a rollback brings back neither.",
    fix: "remove the patch; change config, files or secrets",
    sources: ["https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable"],
    check: inObjects(["ConfigMap", "Secret"], function* (object) {
      if (at(object, "immutable") !== true) yield ["immutable", "is not true"];
    }),
  },
];
