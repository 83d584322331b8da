import assert from "node:assert/strict";
import { test } from "node:test";
import { coreDns } from "./addons/coredns.ts";
import { metricsServer } from "./addons/metrics-server.ts";
import { overlap } from "./bridge.ts";
import { renderConfiguration } from "./config.ts";
import { layout } from "./layout.ts";
import { parseMounts } from "./mounts.ts";

const settings = {
  pauseImage: "localhost:5000/slipway/pause:1",
  cniPlugins: "/usr/lib/cni",
  runc: "/usr/sbin/runc",
  mayLowerOomScore: true,
};
const files = renderConfiguration(layout("/state"), settings);
const json = (name: string) => JSON.parse(files[name] ?? "");

test("the kubelet lets nobody in without a certificate or a token", () => {
  const kubelet = json("kubelet.json");
  assert.equal(kubelet.authentication.anonymous.enabled, false);
  assert.equal(kubelet.authorization.mode, "Webhook");
  assert.equal(kubelet.readOnlyPort, 0);
  assert.equal(kubelet.address, "10.244.0.1");
});

test("NodePorts answer on loopback addresses only", () => {
  assert.deepEqual(json("kube-proxy.json").nodePortAddresses, ["127.0.0.0/8"]);
});

test("the bridge plugin doesn't turn the machine into a router and doesn't hide pods behind it", () => {
  const [bridge] = json("cni/10-slipway.conflist").plugins;
  assert.equal(bridge.isGateway, undefined);
  assert.equal(bridge.ipMasq, false);
  assert.equal(bridge.ipam.ranges[0][0].gateway, "10.244.0.1");
});

test("namespaces without a level of their own refuse pods that could take over the node", () => {
  assert.equal(json("admission.json").plugins[0].configuration.defaults.enforce, "baseline");
});

test("containerd keeps everything in the cluster's folder and never asks another registry for pause", () => {
  const text = files["containerd.toml"] ?? "";
  for (const match of text.matchAll(/^\s*(root|state|address|path|Root) = "(.*)"/gm))
    assert.match(match[2] ?? "", /^\/state\//, match[0]);
  assert.match(text, /sandbox_image = "localhost:5000\/slipway\/pause:1"/);
});

test("OOM scores are left alone exactly where the process may not lower them", () => {
  const render = (mayLowerOomScore: boolean) =>
    renderConfiguration(layout("/state"), { ...settings, mayLowerOomScore })["containerd.toml"] ??
    "";
  assert.match(render(true), /restrict_oom_score_adj = false/);
  assert.match(render(false), /restrict_oom_score_adj = true/);
});

test("the registry listens on loopback only", () => {
  assert.equal(json("registry.json").http.addr, "127.0.0.1:5000");
});

test("add-ons keep to the Pod Security level restricted", () => {
  const pair = { certificate: "certificate", key: "key" };
  const objects = [...coreDns("image"), ...metricsServer("image", pair, "authority")];
  const deployments = objects.filter(({ kind }) => kind === "Deployment");
  assert.equal(deployments.length, 2);
  for (const { spec } of deployments) {
    const pod = (spec as { template: { spec: Record<string, never> } }).template.spec;
    assert.match(JSON.stringify(pod), /"runAsNonRoot":true.*"RuntimeDefault".*"drop":\["ALL"\]/);
  }
});

test("names outside the cluster are answered at once and asked nowhere", () => {
  const text = JSON.stringify(coreDns("image"));
  assert.match(text, /NXDOMAIN/);
  assert.doesNotMatch(text, /forward/);
});

test("networks overlap when one lies in the other, and a default route doesn't count", () => {
  assert.equal(overlap("10.244.0.0/16", "10.0.0.0/8"), true);
  assert.equal(overlap("10.244.0.0/16", "10.244.7.1"), true);
  assert.equal(overlap("10.244.0.0/16", "10.245.0.0/16"), false);
  assert.equal(overlap("10.96.0.0/16", "192.168.0.0/16"), false);
  assert.equal(overlap("10.96.0.0/16", "default"), false);
});

test("mounts are read with the spaces in their paths", () => {
  const text = "36 35 98:0 / /mnt/a\\040b rw,noatime master:1 - ext4 /dev/root rw\n";
  assert.deepEqual(parseMounts(text), [{ path: "/mnt/a b", type: "ext4" }]);
});
