import { Image } from "@pulumi/docker-build/image.js";
import * as pulumi from "@pulumi/pulumi";
import type { ImageBuilder } from "./agent-image.ts";

/**
 * Builds with a BuildKit daemon and no container engine.
 *
 * @param instance name of the buildx instance that says where the daemon is
 */
export function buildKitBuilder(instance: string): ImageBuilder {
  return (name, source, options) => {
    const { context, dockerfile, platform, repository, tag, baseImage } = source;
    const image = new Image(
      name,
      {
        builder: { name: instance },
        context: { location: context },
        dockerfile: { location: dockerfile },
        platforms: [platform],
        tags: [`${repository}:${tag}`],
        buildArgs: { ...reproducible, ...(baseImage && { BASE_IMAGE: baseImage }) },
        push: false, // Said below, in more words.
        exports: [{ raw: "type=registry,rewrite-timestamp=true" }],
        buildOnPreview: false,
      },
      options,
    );
    return pulumi.interpolate`${repository}@${image.digest}`;
  };
}

/**
 * The same sources on the same base give the same digest, even from an empty build cache
 * (https://github.com/moby/buildkit/blob/master/docs/build-repro.md).
 */
const reproducible = { SOURCE_DATE_EPOCH: "315532800" };
