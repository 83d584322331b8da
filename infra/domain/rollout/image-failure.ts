import type { Finding } from "./container-failure.ts";
import type { LiveContainer, LiveEvent } from "./facts.ts";

/** Answers of a registry that another attempt will not change. */
const definite: readonly (readonly [RegExp, string])[] = [
  [
    /not found|manifest unknown|name unknown|repository does not exist/i,
    "push the image, or release one that exists: npx slipway build",
  ],
  [
    /unauthorized|authentication required|denied|forbidden|no basic auth credentials/i,
    "let the cluster's nodes pull from the registry, or use a registry that they may read",
  ],
  [
    /no match for platform|exec format|no image found in (?:image index|manifest list)/i,
    "build the image for the platform of the cluster's nodes",
  ],
  [
    /invalid reference format|couldn't parse image|failed to parse/i,
    "correct the image in release.json",
  ],
];

/** Attempts after which a failure that could pass, such as a network error, counts. */
const attemptsUntilFailed = 2;

/** Why a container's image cannot be had, or undefined when it is there or may still come. */
export function imageFailure(
  { name, image, state }: LiveContainer,
  events: readonly LiveEvent[],
): Finding | undefined {
  const { reason = "", message = "" } = state?.waiting ?? {};
  const which = `the image of container ${name}${image ? ` (${image})` : ""}`;
  if (reason === "InvalidImageName") {
    const hint = "correct the image in release.json";
    return { cause: "image-name", message: `${which} has an invalid name: ${message}`, hint };
  }
  if (
    !["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "ImageInspectError"].includes(reason)
  ) {
    return undefined;
  }
  const pulls = events.filter(
    (event) => event.reason === "Failed" && event.message?.startsWith("Failed to pull image"),
  );
  const explanation = pulls.at(-1)?.message ?? message;
  const known = definite.find(([pattern]) => pattern.test(`${message} ${explanation}`));
  if (known === undefined && attempts(pulls) < attemptsUntilFailed) return undefined;
  return {
    cause: "image-pull",
    message: `${which} cannot be pulled: ${outcome(explanation, image) || reason}`,
    hint: known?.[1] ?? "check that the cluster's nodes reach the registry",
  };
}

function attempts(events: readonly LiveEvent[]): number {
  return events.reduce((sum, { count, series }) => sum + (series?.count ?? count ?? 1), 0);
}

/** The runtime repeats the image at every step; what went wrong stands after the last one. */
function outcome(message: string, image: string | undefined): string {
  const last = image ? message.lastIndexOf(image) : -1;
  if (image === undefined || last < 0) return message;
  return message.slice(last + image.length).replace(/^["\s:]+/, "") || message;
}
