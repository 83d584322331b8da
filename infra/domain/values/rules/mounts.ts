import { isReadOnly } from "../../manifests/volumes.ts";
import { maxTotalBytes } from "../../package/behaviour.ts";
import { behaviourFolder, secretsFolder } from "../../package/environment.ts";
import { sortedEntries } from "../../plain-map.ts";
import { findSecrets } from "../../secrets/secret-files.ts";
import type { Violation } from "../../text/check.ts";
import type { Path } from "../../text/document.ts";
import type { Values } from "../values.ts";

/** Volumes without one source, mounts in each other's way, and files that hold a secret. */
export function mountProblems(values: Values): readonly Violation[] {
  return [...sourceProblems(values), ...pathProblems(values), ...fileProblems(values)];
}

const reservedNames = ["tmp", "secrets", "files"];

function sourceProblems({ volumes }: Values): readonly Violation[] {
  return sortedEntries(volumes).flatMap(([name, volume]) => {
    const path = ["volumes", name];
    if (reservedNames.includes(name)) {
      return [{ path, message: `"${name}" is the name of a volume that every agent has` }];
    }
    const sources = (["size", "claim", "configMap", "secret"] as const).filter(
      (source) => volume[source] !== undefined,
    );
    if (sources.length === 1) return [];
    const found = sources.length === 0 ? "none" : sources.join(" and ");
    const message = `"volumes.${name}" needs exactly one of size, claim, configMap and secret, found ${found}`;
    return [{ path, message }];
  });
}

interface Mount {
  readonly path: string;
  readonly readOnly: boolean;
  /** Where the values say it; absent for what every agent has. */
  readonly at?: Path;
}

const reserved: readonly Mount[] = [
  { path: "/tmp", readOnly: false },
  { path: secretsFolder, readOnly: true },
  { path: behaviourFolder, readOnly: true },
];

function pathProblems({ files, volumes }: Values): readonly Violation[] {
  const own: readonly Mount[] = [
    ...sortedEntries(volumes).map(([name, volume]) => ({
      path: volume.mountPath,
      readOnly: isReadOnly(volume),
      at: ["volumes", name, "mountPath"],
    })),
    ...Object.keys(files)
      .sort()
      .map((path) => ({ path, readOnly: true, at: ["files", path] })),
  ];
  return own.flatMap((mount, index) => {
    const other = [...reserved, ...own.slice(0, index)].find((one) => inTheWay(mount, one));
    if (other === undefined) return [];
    const whose = other.at ? "another mount" : "what every agent has";
    const message = `"${mount.path}" is in the way of ${whose} at ${other.path}`;
    return [{ path: mount.at ?? [], message }];
  });
}

/** Two mounts at one path hide each other, and no mount point can be made in a read-only one. */
function inTheWay(a: Mount, b: Mount): boolean {
  const lies = (inner: Mount, outer: Mount) =>
    outer.readOnly && inner.path.startsWith(`${outer.path}/`);
  return a.path === b.path || lies(a, b) || lies(b, a);
}

function fileProblems({ files }: Values): readonly Violation[] {
  const encoder = new TextEncoder();
  const contents = sortedEntries(files).map(
    ([path, text]) => [path, encoder.encode(text)] as const,
  );
  const secret = contents.flatMap(([path, bytes]) =>
    findSecrets(path.split("/").at(-1) ?? path, bytes).map(({ line, message }) => ({
      path: ["files", path],
      message: `${path}${line === undefined ? "" : `, line ${line}`}: ${message}`,
    })),
  );
  const total = contents.reduce((sum, [, { length }]) => sum + length, 0);
  if (total <= maxTotalBytes) return secret;
  const message = `"files" hold ${total} bytes together, and a ConfigMap has room for ${maxTotalBytes}`;
  return [...secret, { path: ["files"], message }];
}
