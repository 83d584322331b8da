import { Provider } from "@pulumi/kubernetes/provider.js";
import { AgentNamespace } from "../components/agent-namespace.ts";
import { AgentRelease } from "../components/agent-release.ts";
import type { DeployPlan } from "./plan.ts";

/** Registers everything of one stack. `deploy` and `pulumi up` by hand both run this. */
export async function deployProgram(plan: DeployPlan): Promise<Record<string, unknown>> {
  const { environment, agents, objects, target } = plan;
  const provider = new Provider("cluster", {
    kubeconfig: target.kubeconfig,
    context: target.context,
    // Without it, a new token or proxy in the kubeconfig would replace the provider, and with it
    // everything it made (https://github.com/pulumi/pulumi-kubernetes/issues/4019).
    clusterIdentifier: `slipway-${environment.name}`,
    enableServerSideApply: true,
    enableConfigMapMutable: false,
    enableSecretMutable: false,
  });
  const shared = objects.filter(({ metadata }) => !agentOf(metadata.labels));
  const namespace = new AgentNamespace(
    environment.namespace,
    { objects: shared },
    { providers: [provider] },
  );
  for (const { name } of agents) {
    const own = objects.filter(({ metadata }) => agentOf(metadata.labels) === name);
    new AgentRelease(name, { objects: own }, { providers: [provider], dependsOn: namespace });
  }
  return {
    namespace: environment.namespace,
    images: Object.fromEntries(agents.map(({ name, release }) => [name, release.image])),
  };
}

function agentOf(labels: Readonly<Record<string, string>>): string | undefined {
  return labels["app.kubernetes.io/instance"];
}
