import assert from "node:assert/strict";
import { test } from "node:test";
import { renderFirewall, renderRemoval } from "./firewall.ts";

const empty = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";

const line = (script: string, start: string) =>
  script.split("\n").findIndex((one) => one.startsWith(start));

test("pods reach the API server and the kubelet on the node and nothing else of the machine", () => {
  const script = renderFirewall(empty);
  const allowed = line(script, "-A SLIPWAY-INPUT -i slipway0 -d 10.244.0.1 -p tcp");
  const refused = line(script, "-A SLIPWAY-INPUT -i slipway0 -j REJECT");
  assert.ok(allowed >= 0 && allowed < refused);
  assert.match(script, /--dports 6443,10250 -j RETURN/);
});

test("what would leave the bridge is refused and what comes from elsewhere is dropped", () => {
  const script = renderFirewall(empty);
  const inside = line(script, "-A SLIPWAY-FORWARD -i slipway0 -o slipway0 -j RETURN");
  const out = line(script, "-A SLIPWAY-FORWARD -i slipway0 -j REJECT");
  const into = line(script, "-A SLIPWAY-FORWARD -o slipway0 -j DROP");
  assert.ok(inside >= 0 && inside < out && out < into);
  assert.match(script, /^-A SLIPWAY-INPUT -d 10\.244\.0\.0\/16 -j DROP$/m);
});

test("our chains are entered first, and again first when another program put its rules before", () => {
  assert.match(renderFirewall(empty), /^-I FORWARD 1 -j SLIPWAY-FORWARD$/m);
  assert.doesNotMatch(renderFirewall(empty), /^-D/m);
  const later = empty.replace(
    "COMMIT",
    "-A FORWARD -j KUBE-FORWARD\n-A FORWARD -j SLIPWAY-FORWARD\nCOMMIT",
  );
  const script = renderFirewall(later);
  assert.ok(line(script, "-D FORWARD -j SLIPWAY-FORWARD") < line(script, "-I FORWARD 1"));
  assert.doesNotMatch(script, /-D INPUT/);
});

const used = `*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-A - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -j DOCKER
-A KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-SVC-A
COMMIT
*filter
:INPUT ACCEPT [0:0]
:SLIPWAY-INPUT - [0:0]
-A INPUT -j SLIPWAY-INPUT
-A INPUT -i lo -j ACCEPT
-A SLIPWAY-INPUT -i lo -j RETURN
COMMIT
`;

test("removal takes our chains with the rules that lead to them and leaves all others", () => {
  assert.equal(
    renderRemoval(used, []),
    `*nat
-D PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-F KUBE-SERVICES
-F KUBE-SVC-A
-X KUBE-SERVICES
-X KUBE-SVC-A
COMMIT
*filter
-D INPUT -j SLIPWAY-INPUT
-F SLIPWAY-INPUT
-X SLIPWAY-INPUT
COMMIT
`,
  );
});

test("removal leaves the chains of another Kubernetes, and does nothing without any of ours", () => {
  assert.doesNotMatch(renderRemoval(used, ["KUBE-SERVICES", "KUBE-SVC-A"]), /KUBE/);
  assert.equal(renderRemoval(empty, []), "");
});
