import { isImageReference } from "../../release/release.ts";
import { textAt } from "../read.ts";
import { inContainers, type Rule } from "../rule.ts";
import type { AgentSubject } from "../subject.ts";

const images = "https://kubernetes.io/docs/concepts/containers/images/";

/** Rules about what a container is started from. */
export const imageRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW029",
    title: "Every image is named by its digest",
    severity: "error",
    why: "A tag can name other bytes tomorrow, so two pods of one release may run different programs, and a rollback may not bring back what ran. What was tested is not what runs.",
    fix: "npx slipway build <agent>, and write companions' images as repository@sha256:...",
    sources: [images, "https://kubernetes.io/docs/concepts/containers/images/#image-names"],
    check: inContainers(function* ({ container }) {
      const image = textAt(container, "image");
      if (isImageReference(image)) return;
      yield ["image", image === "" ? "there is no image" : `${image} may change under its name`];
    }),
  },
  {
    id: "SLW030",
    title: "An image that is there already is not pulled again",
    severity: "warning",
    why: "An image by digest cannot change. To pull it at every start makes the registry a condition for every restart and every scale-up; never to pull it keeps pods off new nodes.",
    fix: "remove the patch; use imagePullSecrets where the point is who may use the image",
    sources: [`${images}#image-pull-policy`],
    check: inContainers(function* ({ container }) {
      const policy = textAt(container, "imagePullPolicy");
      if (policy === "IfNotPresent") return;
      yield ["imagePullPolicy", `is ${policy || "left to the cluster"}, not IfNotPresent`];
    }),
  },
  {
    id: "SLW031",
    title: "Every image names its registry",
    severity: "warning",
    why: "Without a host each node decides where a name comes from, and another registry may have the same name.",
    fix: "write the image with its registry, such as registry.example.com/agent@sha256:...",
    sources: [images],
    check: inContainers(function* ({ container }) {
      const image = textAt(container, "image");
      const [host = "", ...rest] = image.split("/");
      if (rest.length > 0 && (host === "localhost" || /[.:]/.test(host))) return;
      yield ["image", `${image} names no registry`];
    }),
  },
];
