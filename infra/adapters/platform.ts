/** What an image runs on: operating system and processor, as registries name it. */
export type Platform = "linux/amd64" | "linux/arm64";

/** The platform of a local cluster's nodes, which share this machine's processor. */
export function localPlatform(): Platform {
  return process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
}
