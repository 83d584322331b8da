import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { allPids } from "./processes.ts";

/** A TCP socket that accepts connections. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

/** Every TCP socket of this machine that accepts connections. */
export function readListeners(): Listener[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((path) => {
    try {
      return parseListeners(readFileSync(path, "utf8"));
    } catch {
      return []; // A kernel without IPv6.
    }
  });
}

/** Parses the text of /proc/net/tcp or tcp6 (proc(5)). */
export function parseListeners(text: string): Listener[] {
  const listening = "0A";
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening)
    .map((fields) => {
      const [address = "", port = ""] = (fields[1] ?? "").split(":");
      return {
        address: decodeAddress(address),
        port: Number.parseInt(port, 16),
        inode: fields[9] ?? "",
      };
    });
}

/** The listener that keeps anybody else from listening on "host:port", if there is one. */
export function listenerOn(target: string, listeners: readonly Listener[]): Listener | undefined {
  const [host, port] = target.split(":");
  const anywhere = ["0.0.0.0", "::"];
  return listeners.find(
    (one) => one.port === Number(port) && [host, ...anywhere].includes(one.address),
  );
}

/** The process that has the socket open, and its name. */
export function listenerOwner({ inode }: Listener): { pid: number; name: string } | undefined {
  const pid = allPids().find((one) => openSockets(one).includes(`socket:[${inode}]`));
  if (pid === undefined) return undefined;
  return { pid, name: readFileSync(`/proc/${pid}/comm`, "utf8").trim() };
}

function openSockets(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => readLink(`${folder}/${name}`));
  } catch {
    return []; // The process ended while we looked.
  }
}

function readLink(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return []; // The file was closed while we looked.
  }
}

/** The kernel prints each group of four bytes as a number in the machine's byte order. */
function decodeAddress(hex: string): string {
  const bytes = [...Buffer.from(hex, "hex")];
  const groups = Array.from({ length: bytes.length / 4 }, (_, at) =>
    bytes.slice(at * 4, at * 4 + 4).reverse(),
  );
  const ordered = groups.flat();
  if (ordered.length === 4) return ordered.join(".");
  const isMapped = ordered.slice(0, 10).every((byte) => byte === 0) && ordered[10] === 255;
  if (isMapped) return ordered.slice(12).join(".");
  if (ordered.every((byte) => byte === 0)) return "::";
  return Buffer.from(ordered).toString("hex").match(/.{4}/g)?.join(":") ?? "";
}
