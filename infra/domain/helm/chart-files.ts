import type { Package } from "../package/package.ts";
import type { PlainMap } from "../plain-map.ts";
import { renderYaml } from "../render/yaml.ts";
import { describedValues } from "./described-values.ts";
import { kubeVersion } from "./kube-version.ts";

/** The chart's Chart.yaml. */
export function renderChartFile(pkg: Package): string {
  const { name, version, appVersion, description, kubernetes } = pkg;
  const head = renderYaml({ apiVersion: "v2", name, type: "application" });
  const versions = { version, appVersion, kubeVersion: kubeVersion(kubernetes) };
  return `${head}${renderYaml({ ...(description && { description }), ...versions })}`;
}

/** What Helm leaves out when it packs the chart: the values of environments are not part of it. */
export const helmIgnore = `.DS_Store
.git/
.gitignore
*.swp
*.bak
*.tmp
*.orig
*~
.slipway-files
values-*.yaml
`;

/** What Helm prints after an install. */
export function renderNotes({ name, agent }: Package): string {
  const fullname = `{{ include "${name}.fullname" . }}`;
  const secrets = `{{- if and .Values.secrets (not .Values.secretName) }}

No secret is given, so the agent runs without {{ keys .Values.secrets | sortAlpha | join ", " }}. Make a Secret with
what it needs, each key from a file, and name it in secretName:

  kubectl create secret generic ${name}-1 --namespace {{ .Release.Namespace }} --from-file=KEY=path
{{- end }}
`;
  const reached =
    agent.port === undefined
      ? ""
      : `
{{- if .Values.ingress.enabled }}
It answers at https://{{ .Values.ingress.host }}{{ .Values.ingress.path }}
{{- else if .Values.route.enabled }}
It answers at https://{{ first .Values.route.hosts }}{{ .Values.route.path }}
{{- else }}
It answers in the cluster at http://${fullname}.{{ .Release.Namespace }}:{{ .Values.service.port }}, and on this machine after

  kubectl port-forward --namespace {{ .Release.Namespace }} service/${fullname} 8080:{{ .Values.service.port }}
{{- end }}
`;
  return `${name} {{ .Chart.AppVersion }} is installed in {{ .Release.Namespace }}. See its rollout with

  kubectl rollout status --namespace {{ .Release.Namespace }} deployment/${fullname}
${reached}${secrets}`;
}

/** The chart's README. */
export function renderReadme(
  pkg: Package,
  values: PlainMap,
  environments: readonly string[],
): string {
  const { name, description, version, kubernetes } = pkg;
  const rows = Object.entries(describedValues)
    .filter(([key, { comment }]) => Object.hasOwn(values, key) && comment !== "")
    .map(([key, { comment }]) => `| \`${key}\` | ${comment.replaceAll("\n", " ")} |`);
  const layers = environments.map((environment) => `\`values-${environment}.yaml\``).join(", ");
  const [first = ""] = environments;
  return `# ${name}

${description ?? `The agent ${name}`}. Version ${version}, for Kubernetes ${kubernetes}.

\`slipway export helm ${name}\` makes this folder from the package: change the package, not this.

\`\`\`sh
helm upgrade --install ${name} . --namespace <namespace> --values values-${first}.yaml --wait
helm test ${name} --namespace <namespace>
\`\`\`

With the values of an environment (${layers})
and the release name ${name}, the chart makes the objects that Slipway deploys there, besides:

- **Secrets**, which are never in a chart. Make the one that \`secretName\` names first.
- **Jobs**, which are hooks here: before or after an install or upgrade. Copies of what a Job needs
  before an install go when it is done.
- **the namespace**, its quota and its default-deny NetworkPolicy, which belong to the stack.

| value | what it is |
|---|---|
${rows.join("\n")}
`;
}
