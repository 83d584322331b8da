import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { UserError } from "../../domain/errors.ts";
import { listenerOn, parseListeners } from "./listeners.ts";
import { refuseTakenPorts } from "./preflight.ts";

const header =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const row = (address: string, state: string) =>
  `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 4711 1\n`;

test("only sockets that accept connections are listed", () => {
  const text = header + row("0100007F:1388", "0A") + row("0100007F:1389", "01");
  assert.deepEqual(parseListeners(text), [{ address: "127.0.0.1", port: 5000, inode: "4711" }]);
});

test("IPv6 addresses are decoded, mapped ones as IPv4", () => {
  const addresses = [
    "00000000000000000000000000000000",
    "00000000000000000000000001000000",
    "0000000000000000FFFF00000100F40A",
  ].map((address) => parseListeners(header + row(`${address}:1388`, "0A"))[0]?.address);
  assert.deepEqual(addresses, ["::", "0000:0000:0000:0000:0000:0000:0000:0001", "10.244.0.1"]);
});

test("a port is taken by a listener on the same address or on all of them", () => {
  const listener = (address: string) => [{ address, port: 5000, inode: "1" }];
  assert.ok(listenerOn("127.0.0.1:5000", listener("127.0.0.1")));
  assert.ok(listenerOn("127.0.0.1:5000", listener("0.0.0.0")));
  assert.ok(listenerOn("127.0.0.1:5000", listener("::")));
  assert.equal(listenerOn("127.0.0.1:5000", listener("192.0.2.1")), undefined);
  assert.equal(listenerOn("127.0.0.1:5001", listener("127.0.0.1")), undefined);
});

test("a taken port is refused with the address, the program and its pid", {
  skip: process.platform !== "linux",
}, async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await assert.rejects(
      refuseTakenPorts([target]),
      (error) =>
        error instanceof UserError &&
        error.code === "port-taken" &&
        error.message.includes(target) &&
        error.message.includes(`(pid ${process.pid})`),
    );
  } finally {
    server.close();
  }
  await once(server, "close");
  await refuseTakenPorts([target]);
});
