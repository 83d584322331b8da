import { mounts, volumes } from "../manifests/volumes.ts";
import { behaviourFolder, secretFileVariable, secretsFolder } from "../package/environment.ts";
import type { PlainMap } from "../plain-map.ts";
import { withHelpers } from "./fragments.ts";
import type { PartNames, Subject } from "./subject.ts";
import { block, control, inline, type Node, renderTemplate } from "./template.ts";

/**
 * The named templates of the chart.
 *
 * @param subject has everything that a template can be asked for.
 */
export function renderHelpers(subject: Subject, parts: PartNames): string {
  const { name: chart } = subject.agent;
  const hasCompanions = Object.values(parts).some((names) => names.length > 0);
  return Object.entries({ ...textHelpers(chart), ...listHelpers(subject, hasCompanions) })
    .map(([name, text]) => renderHelper(`${chart}.${name}`, text))
    .join("\n");
}

/** A named template. */
export function renderHelper(name: string, text: string): string {
  return `{{- define "${name}" -}}\n${text}{{- end }}\n`;
}

function textHelpers(chart: string): Readonly<Record<string, string>> {
  const include = (helper: string) => `include "${chart}.${helper}" .`;
  return {
    fullname: `{{- if contains .Chart.Name .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end }}
`,
    image: `{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
`,
    selectorLabels: `app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ ${include("fullname")} }}
`,
    commonLabels: `app.kubernetes.io/instance: {{ ${include("fullname")} }}
app.kubernetes.io/version: {{ .Chart.AppVersion | replace "+" "_" | quote }}
app.kubernetes.io/part-of: {{ .Values.labels.partOf | default .Chart.Name | quote }}
app.kubernetes.io/managed-by: {{ .Values.labels.managedBy | default .Release.Service | quote }}
{{- with .Values.labels.stack }}
slipway.dev/stack: {{ . | quote }}
{{- end }}
{{- with .Values.labels.owner }}
owner: {{ . | quote }}
{{- end }}
`,
    labels: `app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/component: agent
{{ ${include("commonLabels")} }}
`,
    configMapName: `{{- printf "%s-%s" (${include("fullname")}) (.Values.config | toRawJson | sha256sum | trunc 10) }}
`,
    secretName: `{{- if has "required" (values .Values.secrets) }}
{{- required "secretName: the agent has required secrets, so name the Secret that has them" .Values.secretName }}
{{- else }}
{{- .Values.secretName }}
{{- end }}
`,
    files: `{{- $files := dict }}
{{- range $path, $_ := .Files.Glob "files/**" }}
{{- $_ := set $files (printf "${behaviourFolder}/%s" (trimPrefix "files/" $path)) ($.Files.Get $path) }}
{{- end }}
{{- range $path, $text := .Values.files }}
{{- $_ := set $files $path $text }}
{{- end }}
{{- $files | toRawJson }}
`,
    filesName: `{{- printf "%s-files-%s" (${include("fullname")}) (${include("files")} | sha256sum | trunc 10) }}
`,
    filesKey: `{{- . | trimPrefix "/" | replace "_" "_." | replace "/" "__" }}
`,
    filesData: `{{- $data := dict }}
{{- range $path, $text := ${include("files")} | fromJson }}
{{- $_ := set $data (include "${chart}.filesKey" $path) $text }}
{{- end }}
{{- toYaml $data }}
`,
  };
}

function listHelpers(subject: Subject, hasCompanions: boolean): Readonly<Record<string, string>> {
  return {
    secretEnv: renderTemplate(whenSecret(subject, secretVariables(subject))),
    volumes: renderTemplate(volumeItems(subject)),
    volumeMounts: renderTemplate(mountItems(subject, true)),
    // Containers of another image get no secrets.
    ...(hasCompanions && { companionMounts: renderTemplate(mountItems(subject, false)) }),
  };
}

/** What only an agent with a Secret has. */
function whenSecret({ agent }: Subject, items: readonly Node[]): Node {
  return control(`if include "${agent.name}.secretName" .`, items);
}

const secretVariables = ({ agent }: Subject): readonly Node[] => [
  control("range $key, $_ := .Values.secrets", [
    {
      name: inline(`printf "${secretFileVariable("%s")}" $key`),
      value: inline(`printf "${secretsFolder}/%s" $key | quote`),
    },
  ]),
  control("range $key := .Values.secretsAsEnvironment | sortAlpha", [
    {
      name: inline("$key | quote"),
      valueFrom: {
        secretKeyRef: {
          name: inline(`include "${agent.name}.secretName" $`),
          key: inline("$key | quote"),
          optional: control('if eq (get $.Values.secrets $key) "optional"', true),
        },
      },
    },
  ]),
];

/** The volumes that every agent can have, each as the agent of the subject has it. */
function volumeItems(subject: Subject): Node {
  const find = named(volumes(subject.agent, subject.hashes), subject);
  const item = {
    key: inline(`include "${subject.agent.name}.filesKey" $path`),
    path: inline('$path | trimPrefix "/" | quote'),
  };
  const files = find("files") as { readonly configMap: PlainMap };
  return [
    { ...find("tmp"), emptyDir: { sizeLimit: inline(".Values.tmpSize | quote") } },
    whenSecret(subject, [find("secrets")]),
    control(`with include "${subject.agent.name}.files" . | fromJson`, [
      {
        ...files,
        configMap: {
          ...files.configMap,
          name: inline(`include "${subject.agent.name}.filesName" $`),
          items: [control("range $path, $_ := .", [item])],
        },
      } as Node,
    ]),
    control("with .Values.volumes", [block("toYaml .")]),
  ];
}

function mountItems(subject: Subject, withSecrets: boolean): Node {
  const all = mounts(subject.agent, withSecrets);
  const find = named(all, subject);
  const folder = (all as readonly PlainMap[]).filter(
    ({ mountPath }) => mountPath === behaviourFolder,
  );
  const files = find("files");
  return [
    find("tmp"),
    ...(withSecrets ? [whenSecret(subject, [find("secrets")])] : []),
    ...(folder as Node[]),
    control("range $path, $_ := .Values.files", [
      {
        ...files,
        mountPath: inline("$path | quote"),
        subPath: inline('$path | trimPrefix "/" | quote'),
      },
    ]),
    control("with .Values.volumeMounts", [block("toYaml .")]),
  ];
}

function named(items: readonly unknown[], subject: Subject) {
  return (name: string): { readonly [key: string]: Node } => {
    const found = (items as readonly PlainMap[]).findLast((item) => item.name === name);
    return withHelpers(found, subject) as { readonly [key: string]: Node };
  };
}
