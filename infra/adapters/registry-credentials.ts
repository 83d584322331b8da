import { homedir } from "node:os";
import { join } from "node:path";
import { readIfExists } from "./files.ts";

/** What `docker login` calls the registry of Docker Hub. */
const dockerHubKey = "https://index.docker.io/v1/";

/**
 * The account that `docker login` stored for a registry, as HTTP Basic credentials (base64), or
 * undefined when there is none. Credential helpers are not asked.
 */
export async function basicCredentials(host: string): Promise<string | undefined> {
  const folder = process.env.DOCKER_CONFIG || join(homedir(), ".docker");
  const text = await readIfExists(join(folder, "config.json"));
  if (text === undefined) return undefined;
  const { auths = {} } = JSON.parse(text) as { auths?: Record<string, { auth?: string }> };
  const key = host === "registry-1.docker.io" ? dockerHubKey : host;
  return (auths[key] ?? auths[`https://${key}`])?.auth || undefined;
}
