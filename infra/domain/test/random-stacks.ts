import { renderRelease } from "../release/release.ts";
import { namedRelease } from "./sample-release.ts";
import { hashes } from "./sample-stack.ts";

/** The agent of random stacks. */
export const randomAgent = "random-agent";

/**
 * Texts of a package that uses everything that packages and values have, and of its stacks, in which
 * all that may differ between environments does. The same seed gives the same texts.
 */
export function randomTexts(
  seed: string,
  environments: readonly string[],
): Readonly<Record<string, string>> {
  const random = new Random(seed);
  const folder = `infra/packages/${randomAgent}`;
  const reachable = random.maybe(0.8);
  const texts: Record<string, string> = {
    "stacks/pipeline.yaml": JSON.stringify({
      apiVersion: "slipway.dev/v1",
      environments: environments.map((name) => environmentOf(name, random)),
    }),
    [`${folder}/package.yaml`]: JSON.stringify(packageOf(random, reachable)),
    [`${folder}/values.yaml`]: JSON.stringify({ ...valuesOf(random, reachable), patches }),
    [`${folder}/prompts/system.md`]: random.text(),
    [`${folder}/prompts/more/a_b.txt`]: random.text(),
  };
  for (const name of environments) {
    texts[`stacks/${name}/values.yaml`] = JSON.stringify({ config: random.settings() });
    texts[`stacks/${name}/${randomAgent}/values.yaml`] = JSON.stringify(
      valuesOf(random, reachable),
    );
    texts[`stacks/${name}/${randomAgent}/release.json`] = renderRelease(
      namedRelease(randomAgent, random.image()),
    );
  }
  return texts;
}

function environmentOf(name: string, random: Random) {
  const plenty = { cpu: "1k", memory: "1Ti" };
  return {
    name,
    namespace: `agents-${name}`,
    cluster: "local",
    customMetrics: random.maybe(),
    quota: { "limits.cpu": "1M", "limits.memory": "1Pi", pods: "10k" },
    limitRange: { default: plenty, defaultRequest: plenty, max: plenty, min: { cpu: "1m" } },
  };
}

function packageOf(random: Random, reachable: boolean) {
  const probe = (path: string) => (reachable ? path : { command: ["check", path, "{{ x }}"] });
  return {
    apiVersion: "slipway.dev/v1",
    name: randomAgent,
    version: "1.2.3-rc.1",
    appVersion: "2.0.0+build.7",
    description: 'Says "{{ no }}": # nothing',
    kubernetes: random.one([">=1.30", ">=1.30 <1.40", "^1.31.0", "1.30 - 1.36", "1.x"]),
    image: { context: "app" },
    agent: {
      ...(reachable && { port: random.number(1024, 60_000) }),
      probes: { startup: probe("/s"), ready: probe("/r"), live: probe("/l") },
      ...(random.maybe() && {
        drain: { port: 65_000, path: "/drain", seconds: random.number(1, 30) },
      }),
      startupBudgetSeconds: random.number(1, 3600),
      longestTaskSeconds: random.number(1, 80_000),
      concurrencyPerPod: random.number(1, 10_000),
    },
    ...(random.maybe() && { prompts: "prompts" }),
  };
}

const patches = [
  {
    kind: "Deployment",
    reason: "a host without DNS: {{ x }}",
    patch: {
      spec: {
        template: { spec: { hostAliases: [{ ip: "192.0.2.1", hostnames: ["{{ a }}", "yes"] }] } },
      },
    },
  },
  { kind: "PodDisruptionBudget", reason: "rarely", patch: { spec: { maxUnavailable: "30%" } } },
];

function valuesOf(random: Random, reachable: boolean) {
  const min = random.number(2, 5);
  const secrets = random.some({ A_KEY: "required", B_TOKEN: "optional", NO: "optional" });
  const exposed = reachable && random.maybe();
  return {
    replicas: { min, max: min + random.number(1, 10) },
    autoscaling: {
      cpuPercent: random.number(10, 500),
      scaleDownWindowSeconds: random.number(0, 3600),
      ...random.some({ signal: "cpu" }),
    },
    resources: {
      requests: { cpu: `${random.number(1, 100)}m`, memory: "64Mi" },
      limits: { cpu: random.maybe() ? null : random.number(1, 4), memory: "1Gi" },
    },
    config: random.settings(),
    secrets,
    secretsAsEnvironment: random.some(Object.keys(secrets)),
    service: reachable ? serviceOf(random) : {},
    networkPolicy: {
      ingress: { namespaces: random.some(["a", "b"]), cidrs: ["10.0.0.0/8"] },
      egress: random.some([{ cidr: "::/0", except: ["fd00::/8"], ports: [443, 8443] }]),
    },
    labels: random.some({ owner: "true", partOf: "1.5" }),
    overrides: random.some({ progressDeadlineSeconds: 7000, maxUnavailable: 1 }),
    files: random.some({ "/opt/a_b/c.txt": random.text(), "/opt/d.e": random.text() }),
    imagePullSecrets: random.some(["registry", "123"]),
    serviceAccount: { annotations: random.some({ "example.com/role": random.text() || "x" }) },
    volumes: random.some({
      scratch: { mountPath: "/scratch", size: "8Mi" },
      data: { mountPath: "/data", claim: "data" },
      ca: { mountPath: "/ca", configMap: "ca" },
      key: { mountPath: "/key", secret: "key", readOnly: true },
    }),
    sidecars: random.some({
      proxy: { image: foreignImage, port: 64_000, ...companionOf(random) },
      "log-tail": companionOf(random),
    }),
    initContainers: random.some({
      "load-data": companionOf(random),
      wait: { image: foreignImage, ...companionOf(random) },
    }),
    jobs: random.some({
      migrate: { when: "before", ...jobOf(random) },
      "warm-up": { when: "after", image: foreignImage, ...jobOf(random) },
    }),
    ...(exposed && random.some({ ingress: ingressOf(random), route: routeOf(random) })),
  };
}

function serviceOf(random: Random) {
  const type = random.one(["ClusterIP", "NodePort", "LoadBalancer"]);
  const nodePort = type !== "ClusterIP" && random.maybe() ? random.number(30_000, 32_767) : null;
  return { type, port: random.number(1, 65_535), nodePort };
}

const foreignImage = `example.com/other@sha256:${"b".repeat(64)}`;

function companionOf(random: Random) {
  return random.some({
    command: ["sh", "-c", random.text() || "x"],
    args: ["{{ .Values.x }}", "on", "1e3"],
    config: random.settings(),
    resources: { limits: { memory: `${random.number(65, 999)}Mi` } },
  });
}

function jobOf(random: Random) {
  const limits = { timeoutSeconds: random.number(1, 80_000), retries: random.number(0, 20) };
  return { ...companionOf(random), ...random.some(limits) };
}

function ingressOf(random: Random) {
  return {
    host: `${random.word()}.example.com`,
    tlsSecret: "tls",
    controllerNamespace: "ingress",
    ...random.some({
      path: "/a",
      className: "nginx",
      annotations: { "x.io/y": random.text() || "1" },
    }),
  };
}

function routeOf(random: Random) {
  const gateway = { name: "gateway", namespace: random.word(), listener: "https" };
  return { hosts: [`${random.word()}.example.com`, "*.example.org"], gateway };
}

const nasty = [
  "yes",
  "no",
  "~",
  "null",
  "1e3",
  "0x1f",
  "0o7",
  "1_000",
  "12:30:45",
  "2001-01-01",
  "1.10",
  "<a href='x'>&amp;</a>",
  "{{ .Values.config }}",
  "{{`}}",
  "$(HOME)",
  'quote " and \\ backslash \\u2028',
  "two\nlines\n",
  "  leading\n\ttab and trailing  \n\n",
  "\r\n",
  "# comment",
  "- item: x",
  "ä 😀 \u00a0",
  "",
  `long ${"word ".repeat(60)}`,
];

/** Draws from the SHA-256 of the seed and a counter. */
class Random {
  private readonly seed: string;
  private count = 0;

  constructor(seed: string) {
    this.seed = seed;
  }

  number(least: number, most: number): number {
    this.count += 1;
    const drawn = Number.parseInt(hashes.config(`${this.seed} ${this.count}`).slice(0, 12), 16);
    return least + (drawn % (most - least + 1));
  }

  maybe(probability = 0.5): boolean {
    return this.number(1, 1000) <= probability * 1000;
  }

  one<T>(items: readonly T[]): T {
    return items[this.number(0, items.length - 1)] as T;
  }

  some<T extends object>(items: T): T {
    const kept = Object.entries(items).filter(() => this.maybe());
    return (Array.isArray(items) ? kept.map(([, item]) => item) : Object.fromEntries(kept)) as T;
  }

  word(): string {
    return `w${this.number(0, 1e6)}`;
  }

  text(): string {
    return this.one(nasty);
  }

  settings(): Readonly<Record<string, string>> {
    return this.some({ YES: this.text(), ON: this.text(), A_B: this.text(), Z: this.word() });
  }

  image(): string {
    return `localhost:5000/${this.word()}@sha256:${hashes.config(`${this.seed} ${this.count}`)}`;
  }
}
