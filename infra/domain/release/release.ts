/** What one stack should run of one agent, from `stacks/<env>/<agent>/release.json`. */
export interface Release {
  /** Name of the package. */
  readonly package: string;
  /** Version of the package. */
  readonly version: string;
  /** `repository@sha256:<64 hex>`, so that the same bytes run wherever the release goes. */
  readonly image: string;
}

/** An image named by digest, as a regular expression. A tag alone or a bare image ID is none. */
export const imageReferencePattern = "^[^@\\s]+@sha256:[0-9a-f]{64}$";

/** Whether a text names an image by digest. */
export function isImageReference(text: string): boolean {
  return new RegExp(imageReferencePattern).test(text);
}

/** The text of a `release.json`: stable key order, one key a line, so that a diff shows the change. */
export function renderRelease({ package: name, version, image }: Release): string {
  return `${JSON.stringify({ package: name, version, image }, null, 2)}\n`;
}
