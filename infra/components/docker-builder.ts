import { Image } from "@pulumi/docker/image.js";
import type * as pulumi from "@pulumi/pulumi";
import type { ImageSource } from "./agent-image.ts";

/**
 * Builds with the Docker engine of this machine. The registry's account, where it needs one, is the
 * one that `docker login` stored: it never passes through the state.
 */
export function dockerBuilder(
  name: string,
  source: ImageSource,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { context, dockerfile, platform, repository, tag, baseImage } = source;
  const image = new Image(
    name,
    {
      imageName: `${repository}:${tag}`,
      build: {
        context,
        dockerfile,
        platform,
        builderVersion: "BuilderBuildKit",
        ...(baseImage && { args: { BASE_IMAGE: baseImage } }),
      },
    },
    options,
  );
  return image.repoDigest;
}
