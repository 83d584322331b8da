import { exceeds, parseQuantity, sameQuantity } from "../../quantity.ts";
import { at, mapsAt } from "../read.ts";
import { type Complaint, inContainers, inPods, type Rule } from "../rule.ts";
import type { AgentSubject, Pod, PodContainer } from "../subject.ts";

const resources = "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/";
const ephemeral = "https://kubernetes.io/docs/concepts/storage/ephemeral-storage/";

type Bound = "requests" | "limits";

/** A quantity of a container, as text, or undefined. */
function amount({ container }: PodContainer, bound: Bound, resource: string): string | undefined {
  const value = at(container, `resources.${bound}.${resource}`);
  return value === undefined ? undefined : String(value);
}

function* missing(container: PodContainer, bound: Bound, resource: string): Generator<Complaint> {
  const value = amount(container, bound, resource);
  if (value !== undefined && exceeds(value, "0")) return;
  yield [`resources.${bound}.${resource}`, value === undefined ? "is not set" : `is ${value}`];
}

/**
 * Scratch folders count against the limits of the containers that run beside each other. A Job has
 * the folders of its agent, and fails by itself when it fills what is not meant for it.
 */
function* scratchProblems({ object, spec, containers }: Pod): Generator<Complaint> {
  if (object.kind === "Job") return;
  const running = containers.filter(({ role }) => role !== "init");
  const limits = running.map((one) => amount(one, "limits", "ephemeral-storage"));
  if (limits.includes(undefined)) return;
  const folders = mapsAt(spec, "volumes")
    .filter((volume) => at(volume, "emptyDir") && at(volume, "emptyDir.medium") !== "Memory")
    .map((volume) => String(at(volume, "emptyDir.sizeLimit") ?? "0"));
  const [allowed, taken] = [sum(limits), sum(folders)];
  if (allowed > taken) return;
  yield [
    "volumes",
    `the folders may hold ${folders.join(" + ")}, and all containers together no more than ${limits.join(" + ")}, logs included: the pod would be evicted before they are full`,
  ];
}

function sum(amounts: readonly (string | undefined)[]): bigint {
  return amounts.reduce((total, one) => total + (parseQuantity(one ?? "0") ?? 0n), 0n);
}

/** Rules about what a container may use. */
export const resourceRules: readonly Rule<AgentSubject>[] = [
  {
    id: "SLW011",
    title: "Every container requests CPU",
    severity: "error",
    why: "Without a request the scheduler takes the container for free, the node is overbooked, and under load this pod gets the least. The autoscaler has nothing to measure use by.",
    fix: "set resources.requests.cpu",
    sources: [resources],
    check: inContainers((container) => missing(container, "requests", "cpu")),
  },
  {
    id: "SLW012",
    title: "Every container has a CPU limit",
    severity: "warning",
    why: "A runaway loop takes what its neighbours did not request. The price of a limit is throttling, so it should be one core, or four times the request, whatever is more.",
    fix: "set resources.limits.cpu, or accept this one when tail latency counts for more",
    sources: [resources],
    check: inContainers((container) => missing(container, "limits", "cpu")),
  },
  {
    id: "SLW013",
    title: "Every container may use the memory that it requests, and no more",
    severity: "error",
    why: "Memory cannot be throttled. A container between request and limit is the first that a node kills when memory runs short, at a moment that its author does not choose.",
    fix: "set resources.requests.memory and resources.limits.memory to the same amount",
    sources: [resources],
    check: inContainers(function* (container) {
      const request = amount(container, "requests", "memory");
      const limit = amount(container, "limits", "memory");
      if (request !== undefined && limit !== undefined && sameQuantity(request, limit)) return;
      const found = `request ${request ?? "not set"}, limit ${limit ?? "not set"}`;
      yield ["resources.limits.memory", `${found}; they must be the same`];
    }),
  },
  {
    id: "SLW014",
    title: "Local storage is requested and limited, with room beside the scratch folders",
    severity: "error",
    why: "Logs and scratch files share the node's disk. Without a limit one pod fills it; with one that is too small the kubelet evicts the pod while it works as promised.",
    fix: "set resources.requests and resources.limits of ephemeral-storage above the sizes of resources.tmp and the volumes",
    sources: [ephemeral],
    check: function* (subject) {
      yield* inContainers(function* (container) {
        yield* missing(container, "requests", "ephemeral-storage");
        yield* missing(container, "limits", "ephemeral-storage");
      })(subject);
      yield* inPods(scratchProblems)(subject);
    },
  },
];
