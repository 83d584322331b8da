import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../domain/errors.ts";
import { isImageReference } from "../domain/release/release.ts";

/**
 * What an image is made of. There are no build arguments but the base image: every argument stays
 * readable in the image's history and in the state, so none may be free to hold a secret.
 */
export interface ImageSource {
  /** Folder that the build may see. */
  readonly context: string;
  /** Path of the Dockerfile. */
  readonly dockerfile: string;
  /** Registry and name, such as "localhost:5000/fastapi-agent". */
  readonly repository: string;
  readonly tag: string;
  /**
   * What the image runs on. Left to the builder it would be that of whoever builds, and the image
   * would change with the machine.
   */
  readonly platform: "linux/amd64" | "linux/arm64";
  /** Passed to the build as `BASE_IMAGE`, by digest. @default the Dockerfile's own */
  readonly baseImage?: string;
}

/** Registers the resource that builds and pushes an image, and returns how it calls the result. */
export type ImageBuilder = (
  name: string,
  source: ImageSource,
  options: pulumi.CustomResourceOptions,
) => pulumi.Output<string>;

export interface AgentImageArgs extends ImageSource {
  /** `dockerBuilder` or `buildKitBuilder(...)`. */
  readonly builder: ImageBuilder;
}

/** One agent's image, built once and pushed to its registry. */
export class AgentImage extends pulumi.ComponentResource {
  /**
   * `repository@sha256:<64 hex>`, the only name that pods may use. Anything else that a builder says
   * (a local image ID, `<none>@<none>`, a tag) fails with the UserError `image-not-pushed`.
   */
  readonly reference: pulumi.Output<string>;

  constructor(
    name: string,
    { builder, ...source }: AgentImageArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("slipway:index:AgentImage", name, {}, options);
    // Releases of any age may name the image, so removing the stack must not remove it.
    const built = builder(name, source, { parent: this, retainOnDelete: true });
    this.reference = built.apply((text) => requireReference(name, text));
    this.registerOutputs({ reference: this.reference });
  }
}

function requireReference(name: string, text: string): string {
  if (isImageReference(text)) return text;
  throw new UserError(
    "image-not-pushed",
    `The builder calls the image of ${name} "${text}", which is not a digest in a registry (repository@sha256:...)`,
    "See that the registry takes the image: npx slipway cluster status",
  );
}
