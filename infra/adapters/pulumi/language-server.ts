import { createRequire } from "node:module";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Program } from "./program.ts";

/** Serves a program to the engine, from this very process. */
export interface ProgramServer {
  /** What `--client` of the Pulumi command takes. */
  readonly address: string;
  close(): void;
}

/**
 * Opens the address at once and loads the SDK afterwards, so that the engine can start meanwhile:
 * loading `@pulumi/pulumi` takes as long as the engine takes to start, and both are more than half
 * of a deployment without changes. Connections that come before the SDK is there wait for it.
 */
export async function serveProgram(program: Program): Promise<ProgramServer> {
  const early: Socket[] = [];
  let accept = (socket: Socket) => {
    early.push(socket);
  };
  const listener = createServer((socket) => accept(socket));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  let stop = () => {};
  // After the caller has started the engine, which is what the SDK loads beside.
  const loading = setImmediate(() => {
    const { inject, shutdown } = loadServer(program);
    stop = shutdown;
    accept = inject;
    early.splice(0).forEach(inject);
  });
  return {
    address: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    close() {
      clearImmediate(loading);
      for (const socket of early) socket.destroy();
      stop();
      listener.close();
    },
  };
}

function loadServer(program: Program) {
  // CommonJS and, for the server itself, without published types: what the Automation API uses.
  const require = createRequire(import.meta.url);
  const grpc: typeof import("@grpc/grpc-js") = require("@grpc/grpc-js");
  const { LanguageServer } = require("@pulumi/pulumi/automation/server.js");
  const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb.js");
  const { grpcChannelOptions } = require("@pulumi/pulumi/runtime/settings.js");
  const server = new grpc.Server(grpcChannelOptions);
  server.addService(LanguageRuntimeService, new LanguageServer(program));
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  return {
    inject: (socket: Socket) => injector.injectConnection(socket),
    shutdown: () => server.forceShutdown(),
  };
}
