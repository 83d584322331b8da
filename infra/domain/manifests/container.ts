import { contractEnvironment, secretFileVariable, secretsFolder } from "../package/environment.ts";
import { configMapName, secretName } from "./configuration.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";
import { probes } from "./probes.ts";

/** The agent's container: nothing writable but `/tmp`, no privilege, secrets as files. */
export function container(agent: ReleasedAgent, hashes: Hashes) {
  const { resources } = agent.values;
  const { port, drain } = agent.package.agent;
  return {
    name: "agent",
    image: agent.release.image,
    imagePullPolicy: "IfNotPresent",
    ports: [
      ...(port === undefined ? [] : [{ name: "http", containerPort: port, protocol: "TCP" }]),
      ...(drain ? [{ name: "admin", containerPort: drain.port, protocol: "TCP" }] : []),
    ],
    envFrom: [{ configMapRef: { name: configMapName(agent, hashes) } }],
    env: variables(agent),
    resources: { requests: resources.requests, limits: resources.limits },
    ...probes(agent.package.agent),
    // The hook blocks until no new request comes, so the process gets SIGTERM only when every
    // proxy has learnt that the pod is going.
    ...(drain && {
      lifecycle: { preStop: { httpGet: { path: drain.path, port: "admin", scheme: "HTTP" } } },
    }),
    // The last log lines of a crash stand in the pod's status, where a rollout finds them at once.
    terminationMessagePolicy: "FallbackToLogsOnError",
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      ...(hasSecrets(agent, hashes)
        ? [{ name: "secrets", mountPath: secretsFolder, readOnly: true }]
        : []),
    ],
  };
}

/** What the container mounts. */
export function volumes(agent: ReleasedAgent, hashes: Hashes): readonly unknown[] {
  const name = secretName(agent, hashes);
  return [
    { name: "tmp", emptyDir: { sizeLimit: agent.values.resources.tmp } },
    ...(name === undefined
      ? []
      : [{ name: "secrets", secret: { secretName: name, defaultMode: 0o440 } }]),
  ];
}

function variables({ package: pkg, values }: ReleasedAgent) {
  const files = Object.keys(values.secrets)
    .sort()
    .map((key) => [secretFileVariable(key), `${secretsFolder}/${key}`] as const);
  return [...Object.entries(contractEnvironment(pkg.agent)), ...files].map(([name, value]) => ({
    name,
    value,
  }));
}

function hasSecrets(agent: ReleasedAgent, hashes: Hashes): boolean {
  return secretName(agent, hashes) !== undefined;
}
