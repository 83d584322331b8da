/**
 * The NodePort that is published on this machine when the node is a container. Once it exists, no
 * more can be published.
 */
export const publishedNodePort = 30080;

/** What a user of such a cluster should know. */
export const publishedNodePortNote = `Of the NodePorts, ${publishedNodePort} is reachable from this machine; use kubectl port-forward for others.`;
