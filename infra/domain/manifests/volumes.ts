import { secretsFolder } from "../package/environment.ts";
import { sortedEntries } from "../plain-map.ts";
import type { Volume } from "../values/values.ts";
import { secretName } from "./configuration.ts";
import { fileMounts, filesVolume } from "./files.ts";
import type { Hashes, ReleasedAgent } from "./input.ts";

/** Everything that a pod of the agent can mount. */
export function volumes(agent: ReleasedAgent, hashes: Hashes): readonly unknown[] {
  const name = secretName(agent, hashes);
  return [
    { name: "tmp", emptyDir: { sizeLimit: agent.values.resources.tmp } },
    ...(name === undefined
      ? []
      : [{ name: "secrets", secret: { secretName: name, defaultMode: 0o440 } }]),
    ...filesVolume(agent, hashes),
    ...sortedEntries(agent.values.volumes).map(([volume, declared]) => ({
      name: volume,
      ...source(declared),
    })),
  ];
}

/** What a container of the agent sees of it. */
export function mounts(agent: ReleasedAgent, withSecrets: boolean): readonly unknown[] {
  const hasSecrets = withSecrets && Object.keys(agent.values.secrets).length > 0;
  return [
    { name: "tmp", mountPath: "/tmp" },
    ...(hasSecrets ? [{ name: "secrets", mountPath: secretsFolder, readOnly: true }] : []),
    ...fileMounts(agent),
    ...sortedEntries(agent.values.volumes).map(([name, volume]) => ({
      name,
      mountPath: volume.mountPath,
      ...(isReadOnly(volume) && { readOnly: true }),
    })),
  ];
}

/** Whether a volume's mounts are read-only when it does not say. */
export function isReadOnly({ readOnly, configMap, secret }: Volume): boolean {
  return readOnly ?? (configMap !== undefined || secret !== undefined);
}

function source({ size, claim, configMap, secret }: Volume): object {
  if (size !== undefined) return { emptyDir: { sizeLimit: size } };
  if (claim !== undefined) return { persistentVolumeClaim: { claimName: claim } };
  if (configMap !== undefined) return { configMap: { name: configMap, defaultMode: 0o444 } };
  return { secret: { secretName: secret, defaultMode: 0o440 } };
}
