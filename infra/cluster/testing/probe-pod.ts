import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pushImage } from "../../adapters/buildkit.ts";
import { CommandError } from "../../adapters/process.ts";
import { clusterTools } from "../../toolchain/manifest.ts";
import { ensureTools } from "../../toolchain/tools.ts";
import { kubectl, paths, quiet } from "./embedded-cluster.ts";

/** The namespace of the pod `probe` and of whatever else a test makes. */
export const namespace = "slipway-e2e";

/** The image of the pod holds kubectl alone: it is a client, and a server as `kubectl proxy`. */
export const image = "localhost:5000/slipway-e2e/kubectl:1";

/** The port that the pod `probe` and its Service listen on. */
export const port = 8001;

const buildFolder = join(paths.run, "e2e");

/** Runs a kubectl command line, given as words and spaces, in the namespace of the probe. */
export async function inNamespace(line: string, ...more: string[]): Promise<string> {
  return kubectl("--namespace", namespace, ...line.split(" "), ...more);
}

/** Builds the image with a RUN step, runs the pod, and publishes it on a NodePort. */
export async function startProbe(): Promise<void> {
  await buildImage();
  await kubectl("create", "namespace", namespace);
  const server = `/kubectl proxy --address=0.0.0.0 --port=${port} --accept-hosts=.*`;
  await inNamespace(`run probe --image=${image} --port=${port} --command -- ${server}`);
  await inNamespace("wait --for=condition=Ready pod/probe --timeout=60s");
  await inNamespace(`expose pod probe --type=NodePort --port=${port}`);
}

/** Removes the pod with its namespace. */
export async function stopProbe(): Promise<void> {
  await rm(buildFolder, { recursive: true, force: true });
  await kubectl("delete", "namespace", namespace, "--ignore-not-found");
}

/** Calls a server from inside the pod and returns what kubectl says of the attempt. */
export async function callFromPod(server: string): Promise<string> {
  const authority = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";
  const trust = `--certificate-authority=${authority} --token=none`;
  const call = `/kubectl get --raw /version --request-timeout=5s --server=${server} ${trust}`;
  return inNamespace(`exec probe -- ${call}`).catch((error) => {
    if (error instanceof CommandError) return error.stderr;
    throw error;
  });
}

async function buildImage(): Promise<void> {
  const tools = await ensureTools(clusterTools, quiet);
  const lines = [
    "FROM scratch",
    "COPY kubectl /kubectl",
    'RUN ["/kubectl", "version", "--client"]',
    "USER 65534:65534",
  ];
  await mkdir(buildFolder, { recursive: true });
  await writeFile(join(buildFolder, "Dockerfile"), lines.join("\n"));
  const context = join(tools.kubectl, "..");
  await pushImage({
    buildctl: tools.buildctl,
    address: `unix://${paths.buildkitSocket}`,
    reference: image,
    context,
    dockerfile: buildFolder,
  });
}
