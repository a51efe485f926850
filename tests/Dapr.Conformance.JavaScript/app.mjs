// An application of the official JavaScript SDK. It runs its checks against its own sidecar, prints one line for each
// ("ok <name>" or "failed <name>: <why>"), then "serving", and serves until its standard input ends.
import { DaprServer } from "@dapr/dapr";
import express from "express";
import { Tally } from "./tally.mjs";
import { heard, subscribe } from "./topics.mjs";
import { worker } from "./workflows.mjs";
import { checks } from "./checks.mjs";

const { APP_PORT, DAPR_HTTP_PORT } = process.env;
const quiet = { level: "error" };

// The SDK listens on every interface; a test stays on the loopback.
const http = express();
const listen = http.listen.bind(http);
http.listen = (port) => listen(port, "127.0.0.1");

const server = new DaprServer({
  serverHost: "127.0.0.1",
  serverPort: APP_PORT,
  serverHttp: http,
  logger: quiet,
  clientOptions: { daprHost: "127.0.0.1", daprPort: DAPR_HTTP_PORT, logger: quiet, actor: { actorIdleTimeout: "1h" } },
});

await subscribe(server);
await server.invoker.listen("greet", async (data) => ({ greeting: `hello ${JSON.parse(data.body).name}` }), { method: "post" });
await server.actor.init();
await server.actor.registerActor(Tally);
await server.start();
await worker().start();

for (const [name, check] of Object.entries(checks)) {
  try {
    await check(server.client, heard);
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`failed ${name}: ${String(error?.stack ?? error).replaceAll("\n", " / ")}`);
  }
}

console.log("serving");
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
