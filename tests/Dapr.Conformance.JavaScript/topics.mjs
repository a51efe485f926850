import { DaprPubSubStatusEnum } from "@dapr/dapr";

/** What the handlers of this process heard, by topic. */
export const heard = new Map();

export async function subscribe(server) {
  await server.pubsub.subscribe("pubsub", "js-plain", async (data) => note("js-plain", data));
  await server.pubsub.subscribeWithOptions("pubsub", "js-dropped", {
    deadLetterTopic: "js-dead",
    callback: async (data) => {
      note("js-dropped", data);
      return DaprPubSubStatusEnum.DROP;
    },
  });
  await server.pubsub.subscribe("pubsub", "js-dead", async (data) => note("js-dead", data));
  await server.pubsub.subscribeBulk("pubsub", "js-bulk", async (data) => note("js-bulk", data));
}

function note(topic, data) {
  heard.set(topic, [...(heard.get(topic) ?? []), data]);
}
