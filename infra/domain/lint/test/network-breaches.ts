import type { Fixture } from "./fixtures.ts";

/** How an agent can be reached by, or reach, what it should not. */
export const networkBreaches: readonly Fixture[] = [
  {
    rule: "SLW026",
    what: "a policy that selects by two labels",
    break: ({ policy }) => {
      policy.spec.podSelector.matchLabels["app.kubernetes.io/name"] = "fastapi-agent";
    },
  },
  {
    rule: "SLW026",
    what: "a policy that selects nothing",
    break: ({ policy }) => {
      policy.spec.podSelector.matchLabels = { other: "app" };
    },
    also: ["SLW050"],
  },
  {
    rule: "SLW027",
    what: "egress to everybody",
    break: ({ policy }) => policy.spec.egress.push({ ports: [{ protocol: "TCP", port: 443 }] }),
  },
  {
    rule: "SLW027",
    what: "egress to the metadata service",
    break: ({ policy }) => {
      delete policy.spec.egress[1].to[0].ipBlock.except;
    },
  },
  {
    rule: "SLW027",
    what: "egress to every port of the internet",
    break: ({ policy }) => delete policy.spec.egress[1].ports,
  },
  {
    rule: "SLW028",
    what: "the namespace default",
    break: ({ namespace }) => {
      namespace.metadata.name = "default";
    },
  },
  {
    rule: "SLW028",
    what: "a namespace that admits any pod",
    break: ({ namespace }) =>
      delete namespace.metadata.labels["pod-security.kubernetes.io/enforce"],
  },
  {
    rule: "SLW028",
    what: "a namespace whose standard moves with the cluster",
    break: ({ namespace }) => {
      namespace.metadata.labels["pod-security.kubernetes.io/enforce-version"] = "latest";
    },
  },
  {
    rule: "SLW035",
    what: "a selector that the next release changes",
    break: ({ deployment }) => {
      deployment.spec.selector.matchLabels["app.kubernetes.io/version"] = "1.0.0";
    },
  },
  {
    rule: "SLW035",
    what: "a Service of nobody",
    break: ({ service }) => {
      service.spec.selector = { other: "app" };
    },
  },
  {
    rule: "SLW035",
    what: "a Service of a port that is not there",
    break: ({ service }) => {
      service.spec.ports[0].targetPort = "htp";
    },
  },
  {
    rule: "SLW035",
    what: "an Ingress to a Service that is not there",
    break: ({ ingress }) => {
      ingress.spec.rules[0].http.paths[0].backend.service.name = "other";
    },
  },
  {
    rule: "SLW035",
    what: "a route to a port that is not there",
    break: ({ route }) => {
      route.spec.rules[0].backendRefs[0].port = 1;
    },
  },
  {
    rule: "SLW036",
    what: "a Service that is exposed by a patch",
    break: ({ service }) => {
      service.spec.type = "LoadBalancer";
    },
  },
  {
    rule: "SLW037",
    what: "an Ingress in clear",
    break: ({ ingress }) => delete ingress.spec.tls,
  },
  {
    rule: "SLW037",
    what: "an Ingress with a host that no certificate is for",
    break: ({ ingress }) => {
      ingress.spec.rules[0].host = "other.example.com";
    },
  },
  {
    rule: "SLW037",
    what: "a route that any listener takes",
    break: ({ route }) => delete route.spec.parentRefs[0].sectionName,
  },
  {
    rule: "SLW045",
    what: "a namespace without a quota",
    break: ({ remove }) => remove("ResourceQuota"),
  },
  {
    rule: "SLW045",
    what: "a namespace without bounds for containers",
    break: ({ remove }) => remove("LimitRange"),
  },
  {
    rule: "SLW046",
    what: "a namespace that is open for what goes out",
    break: ({ deny }) => deny.spec.policyTypes.pop(),
  },
  {
    rule: "SLW049",
    what: "a policy that lets every address in",
    break: ({ policy }) => policy.spec.ingress[0].from.push({ ipBlock: { cidr: "::/0" } }),
  },
  {
    rule: "SLW050",
    what: "a policy without DNS by TCP",
    break: ({ policy }) => policy.spec.egress[0].ports.pop(),
  },
  {
    rule: "SLW054",
    what: "callers of the drain hook",
    break: ({ policy }) => policy.spec.ingress[0].ports.push({ protocol: "TCP", port: 8001 }),
  },
  {
    rule: "SLW054",
    what: "a Service of the drain hook",
    break: ({ service }) =>
      service.spec.ports.push({ name: "admin", port: 8001, targetPort: "admin" }),
  },
];
