// Drives a Dapr sidecar with the official JavaScript SDK, unmodified.
// Environment: DAPR_HTTP_PORT, DAPR_GRPC_PORT, APP_PORT, APP_ID; STATE_STORE and PUBSUB name the components.
import { CommunicationProtocolEnum, DaprClient, DaprServer, LogLevel } from "@dapr/dapr";
import { CounterActor, proveActors } from "./actors.js";
import { proveMessages, subscribe } from "./messages.js";
import { eventually, Proof } from "./proof.js";
import { proveWorkflows, startWorkflows } from "./workflows.js";

const { DAPR_HTTP_PORT, DAPR_GRPC_PORT, APP_PORT, APP_ID, STATE_STORE: store = "statestore", PUBSUB: pubsub = "pubsub" } = process.env;
const clientOptions = {
  daprHost: "127.0.0.1",
  daprPort: DAPR_HTTP_PORT,
  communicationProtocol: CommunicationProtocolEnum.HTTP,
  logger: { level: LogLevel.Error },
  actor: { actorIdleTimeout: "1h", actorScanInterval: "30s", drainOngoingCallTimeout: "10s", drainRebalancedActors: true },
};

const server = new DaprServer({ serverHost: "127.0.0.1", serverPort: APP_PORT, clientOptions, logger: { level: LogLevel.Error } });
await subscribe(server, pubsub);
await server.actor.registerActor(CounterActor);
await server.actor.init();
await server.start();
const client = new DaprClient(clientOptions);
await eventually("a healthy sidecar", async () => (await fetch(`http://127.0.0.1:${DAPR_HTTP_PORT}/v1.0/healthz`)).status === 204, 60_000);
await eventually("the app's actors", async () => {
  const metadata = await (await fetch(`http://127.0.0.1:${DAPR_HTTP_PORT}/v1.0/metadata`)).json();
  return JSON.stringify(metadata.actorRuntime ?? metadata.actors).includes("CounterActor");
}, 60_000);
const runtime = await startWorkflows(DAPR_GRPC_PORT);

const proof = new Proof();
await proveActors(proof, client);
await proveMessages(proof, client, { appId: APP_ID, pubsub, store });
await proveWorkflows(proof, DAPR_GRPC_PORT);
await runtime.stop();
process.exit(proof.end());
