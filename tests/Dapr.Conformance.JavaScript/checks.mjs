import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { ActorId, ActorProxyBuilder, CommunicationProtocolEnum, DaprClient, HttpMethod } from "@dapr/dapr";
import { Tally, rings } from "./tally.mjs";
import { workflows } from "./workflows.mjs";

const store = "statestore";
const unique = (kind) => `${kind}-${randomUUID()}`;

/** Looks again until the condition holds. */
async function eventually(look, condition, what, seconds = 10) {
  const end = performance.now() + seconds * 1000;
  for (let last; ; ) {
    last = await look();
    if (condition(last)) return last;
    if (performance.now() > end) throw new Error(`${what}: last seen ${JSON.stringify(last)}`);
    await pause(50);
  }
}

const grpc = new DaprClient({
  daprHost: "127.0.0.1", daprPort: process.env.DAPR_GRPC_PORT, communicationProtocol: CommunicationProtocolEnum.GRPC, logger: { level: "error" },
});

const begin = (name, input) => workflows.scheduleNewWorkflow(name, input, unique(name));
const end = (id) => workflows.waitForWorkflowCompletion(id, true, 20);

const tally = (client, id = unique("tally")) => ({ id, actor: new ActorProxyBuilder(Tally, client).build(new ActorId(id)) });

export const checks = {
  async "the sidecar is healthy"(client) {
    assert.equal(await client.health.isHealthy(), true);
  },

  async "invocation reaches another app id"(client) {
    assert.match(String(await client.invoker.invoke("conformance-a", "who", HttpMethod.GET)), /^a[12]$/);
  },

  async "invocation of the own app id carries a body both ways"(client) {
    assert.deepEqual(await client.invoker.invoke("conformance-js", "greet", HttpMethod.POST, { name: "ada" }), { greeting: "hello ada" });
  },

  async "state is saved, read and deleted"(client) {
    const key = unique("key");
    await client.state.save(store, [{ key, value: { apple: "red" } }]);
    assert.deepEqual(await client.state.get(store, key), { apple: "red" });
    await client.state.delete(store, key);
    assert.equal(await client.state.get(store, key), "");
  },

  async "a save with an old etag is refused"(client) {
    const key = unique("key");
    await client.state.save(store, [{ key, value: 1 }]);
    const [{ etag }] = await client.state.getBulk(store, [key]);
    assert.equal((await client.state.save(store, [{ key, value: 2, etag }])).error, undefined);
    assert.ok((await client.state.save(store, [{ key, value: 3, etag }])).error);
    assert.equal(await client.state.get(store, key), 2);
  },

  async "a delete with an old etag is refused"(client) {
    const key = unique("key");
    await client.state.save(store, [{ key, value: 1 }]);
    const [{ etag }] = await client.state.getBulk(store, [key]);
    await client.state.save(store, [{ key, value: 2 }]);
    assert.ok((await client.state.delete(store, key, { etag })).error);
    assert.equal(await client.state.get(store, key), 2);
  },

  async "a transaction applies everything"(client) {
    const [gone, put] = [unique("key"), unique("key")];
    await client.state.save(store, [{ key: gone, value: 1 }]);
    await client.state.transaction(store, [
      { operation: "upsert", request: { key: put, value: "b" } },
      { operation: "delete", request: { key: gone } },
    ]);
    assert.deepEqual([await client.state.get(store, put), await client.state.get(store, gone)], ["b", ""]);
  },

  async "state over grpc"() {
    const key = unique("key");
    await grpc.state.save(store, [{ key, value: "over grpc" }]);
    assert.equal(await grpc.state.get(store, key), "over grpc");
    await grpc.state.delete(store, key);
    assert.equal(await grpc.state.get(store, key), "");
  },

  async "objects and texts are published and heard"(client, heard) {
    const [object, text] = [{ id: unique("note") }, unique("note")];
    await client.pubsub.publish("pubsub", "js-plain", object);
    await client.pubsub.publish("pubsub", "js-plain", text);
    await eventually(() => heard.get("js-plain") ?? [], (all) => all.some((one) => one?.id === object.id) && all.includes(text), "both are heard");
  },

  async "messages published over grpc are heard"(_, heard) {
    const note = { id: unique("note") };
    await grpc.pubsub.publish("pubsub", "js-plain", note);
    await eventually(() => heard.get("js-plain") ?? [], (all) => all.some((one) => one?.id === note.id), "it is heard");
  },

  async "bulk published messages are heard by a bulk subscriber"(client, heard) {
    const notes = [{ id: unique("note") }, { id: unique("note") }];
    assert.deepEqual((await client.pubsub.publishBulk("pubsub", "js-bulk", notes)).failedMessages, []);
    await eventually(
      () => JSON.stringify(heard.get("js-bulk") ?? []), (all) => notes.every((note) => all.includes(note.id)), "both are heard");
  },

  async "a dropped message goes to the dead letter topic"(client, heard) {
    const note = { id: unique("note") };
    await client.pubsub.publish("pubsub", "js-dropped", note);
    await eventually(() => heard.get("js-dead") ?? [], (all) => all.some((one) => one?.id === note.id), "it is dead");
    assert.equal(heard.get("js-dropped").filter((one) => one.id === note.id).length, 1);
  },

  async "an actor keeps its state"(client) {
    const { actor } = tally(client);
    await actor.add(2);
    assert.equal(await actor.add(3), 5);
    assert.equal(await actor.count(), 5);
  },

  async "twenty calls at once are twenty turns"(client) {
    const { actor } = tally(client);
    await Promise.all(Array.from({ length: 20 }, () => actor.add(1)));
    assert.equal(await actor.count(), 20);
  },

  async "an actor's error reaches the caller"(client) {
    await assert.rejects(() => tally(client).actor.fail());
  },

  async "an actor's reminder rings until it is forgotten"(client) {
    const { id, actor } = tally(client);
    await actor.remind();
    await eventually(() => rings.get(id) ?? [], (all) => all.filter((one) => one === "reminder payload").length >= 2, "two rings");
    await actor.forget();
    const count = rings.get(id).length;
    await pause(1500);
    assert.equal(rings.get(id).length, count);
  },

  async "an actor's timer ticks until it is stopped"(client) {
    const { id, actor } = tally(client);
    await actor.startTimer();
    await eventually(() => rings.get(id) ?? [], (all) => all.filter((one) => one === "timer tock").length >= 2, "two ticks");
    await actor.stopTimer();
    const count = rings.get(id).length;
    await pause(1500);
    assert.equal(rings.get(id).length, count);
  },

  async "a lock has one owner"() {
    const name = unique("lock");
    assert.equal((await grpc.lock.lock("lockstore", name, "me", 30)).success, true);
    assert.equal((await grpc.lock.lock("lockstore", name, "you", 30)).success, false);
    await grpc.lock.unlock("lockstore", name, "me");
    assert.equal((await grpc.lock.lock("lockstore", name, "you", 30)).success, true);
  },

  async "a workflow goes on with the result of each activity"() {
    assert.equal((await end(await begin("chain", 3))).serializedOutput, "3");
  },

  async "activities of a workflow that are begun at once all come back"() {
    assert.equal((await end(await begin("fan-out", 10))).serializedOutput, "65");
  },

  async "an event waits until a workflow wants it"() {
    const id = await begin("event-after-timer");
    await workflows.raiseEvent(id, "go", "early");
    assert.equal((await end(id)).serializedOutput, '"early"');
  },

  async "a failing activity fails its workflow"() {
    const state = await end(await begin("break"));
    assert.match(JSON.stringify(state), /no such apple/);
  },

  async "a workflow continues as new"() {
    assert.equal((await end(await begin("rounds", 3))).serializedOutput, '"over"');
  },

  async "a workflow is terminated and purged"() {
    const id = await begin("event-after-timer");
    await workflows.terminateWorkflow(id, "enough");
    assert.equal((await end(id)).serializedOutput, '"enough"');
    assert.equal(await workflows.purgeWorkflow(id), true);
    assert.equal(await workflows.getWorkflowState(id, true), undefined);
  },

  async "metadata is read and set"(client) {
    const key = unique("meta");
    await client.metadata.set(key, "value");
    const metadata = await client.metadata.get();
    assert.equal(metadata.id, "conformance-js");
    assert.equal(metadata.extended[key], "value");
  },
};
