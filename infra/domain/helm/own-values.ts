import { secretName } from "../manifests/configuration.ts";
import { mounts, volumes } from "../manifests/volumes.ts";
import type { Collected } from "./chart-values.ts";
import type { Subject } from "./subject.ts";

/** The values that the helpers of the chart use, in place of what is made of them in the objects. */
export function ownValues({ environment, agent, hashes }: Subject): Collected {
  const { release, values } = agent;
  const { config, files, secrets, secretsAsEnvironment, labels, resources } = values;
  const [repository = "", digest = ""] = release.image.split("@");
  const extra = Object.keys(values.volumes).length;
  const last = (items: readonly unknown[]) => items.slice(items.length - extra);
  return {
    image: { repository, digest },
    secretName: secretName(agent, hashes) ?? "",
    secrets,
    secretsAsEnvironment,
    config,
    files,
    tmpSize: resources.tmp,
    volumes: last(volumes(agent, hashes)),
    volumeMounts: last(mounts(agent, true)),
    labels: {
      owner: labels.owner ?? "",
      partOf: labels.partOf ?? "",
      stack: environment.name,
      managedBy: "slipway",
    },
  };
}
