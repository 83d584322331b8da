import type { Fixture } from "./fixtures.ts";

/** How images, settings, secrets and names can be wrong. */
export const contentBreaches: readonly Fixture[] = [
  {
    rule: "SLW029",
    what: "an image by its tag",
    break: ({ container }) => {
      container.image = "registry.example.com/fastapi-agent:latest";
    },
  },
  {
    rule: "SLW030",
    what: "an image that is always pulled",
    break: ({ container }) => {
      container.imagePullPolicy = "Always";
    },
  },
  {
    rule: "SLW031",
    what: "an image without a registry",
    break: ({ container }) => {
      container.image = `library/agent@sha256:${"a".repeat(64)}`;
    },
  },
  {
    rule: "SLW032",
    what: "a secret in a variable",
    break: ({ container }) =>
      container.env.push({ name: "MODEL", valueFrom: { secretKeyRef: { name: "x", key: "y" } } }),
  },
  {
    rule: "SLW032",
    what: "all of a Secret in variables",
    break: ({ container }) => container.envFrom.push({ secretRef: { name: "x" } }),
  },
  {
    rule: "SLW033",
    what: "a setting with the name of a secret",
    break: ({ settings }) => {
      settings.data.MY_TOKEN = "x";
    },
  },
  {
    rule: "SLW033",
    what: "a variable with the shape of a secret",
    break: ({ container }) =>
      container.env.push({ name: "MODEL", value: "https://me:secret@models.example.com" }),
  },
  {
    rule: "SLW034",
    what: "a pod without a recommended label",
    break: ({ template }) => delete template.metadata.labels["app.kubernetes.io/part-of"],
  },
  {
    rule: "SLW034",
    what: "an object without a recommended label",
    break: ({ service }) => delete service.metadata.labels["app.kubernetes.io/managed-by"],
  },
  {
    rule: "SLW038",
    what: "a variable that a setting sets too",
    break: ({ container }) => container.env.push({ name: "LOG_LEVEL", value: "x" }),
  },
  {
    rule: "SLW038",
    what: "a variable that is set twice",
    break: ({ container }) => container.env.push(container.env[0]),
  },
  {
    rule: "SLW051",
    what: "secret files that everybody reads",
    break: ({ pod }) => {
      delete pod.volumes[1].secret.defaultMode;
    },
  },
  {
    rule: "SLW052",
    what: "a prompt with a credential",
    break: ({ add, settings }) => {
      const metadata = { ...settings.metadata, name: "fastapi-agent-files" };
      const text = `Call it with sk-${"a".repeat(20)}, and be polite.`;
      add({ ...settings, metadata, data: { "prompts__system.md": text } });
    },
  },
  {
    rule: "SLW053",
    what: "a dependency without a lock",
    break: ({ dependencies }) => dependencies.push({ name: "search", version: "^1.0.0" }),
  },
  {
    rule: "SLW055",
    what: "settings that change in place",
    break: ({ settings }) => delete settings.immutable,
  },
  {
    rule: "SLW055",
    what: "secrets that change in place",
    break: ({ secret }) => delete secret.immutable,
  },
  {
    rule: "SLW056",
    what: "a field that Kubernetes does not know",
    break: ({ service }) => {
      service.spec.sesionAffinity = "None";
    },
  },
];
