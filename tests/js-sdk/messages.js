import assert from "node:assert/strict";
import { DaprPubSubStatusEnum, HttpMethod } from "@dapr/dapr";
import { eventually } from "./proof.js";

export const topics = { plain: "js-plain", failing: "js-failing", dead: "js-dead", bulk: "js-bulk" };
const seen = { plain: [], failing: [], dead: [], bulk: [] };
const calls = [];

export async function subscribe(server, pubsub) {
  await server.pubsub.subscribe(pubsub, topics.plain, async (data) => void seen.plain.push(data));
  await server.pubsub.subscribe(pubsub, topics.dead, async (data) => void seen.dead.push(data));
  await server.pubsub.subscribeBulk(pubsub, topics.bulk, async (data) => void seen.bulk.push(data));
  await server.pubsub.subscribeWithOptions(pubsub, topics.failing, {
    deadLetterTopic: topics.dead,
    callback: async (data) => {
      seen.failing.push(data);
      return DaprPubSubStatusEnum.DROP;
    },
  });
  await server.invoker.listen("hello", async (data) => {
    calls.push(data);
    return { hello: JSON.parse(data.body).name, query: data.query };
  }, { method: HttpMethod.POST });
}

export async function proveMessages(proof, client, { appId, pubsub, store }) {
  const has = (list, mark) => list.some((data) => JSON.stringify(data).includes(mark));
  const mark = () => `m${Date.now()}${Math.random()}`;

  await proof.prove("published object reaches its subscriber", async () => {
    const m = mark();
    const answer = await client.pubsub.publish(pubsub, topics.plain, { m });
    assert.equal(answer.error, undefined);
    await eventually("the message", () => has(seen.plain, m));
    assert.equal(seen.plain.find((data) => data.m === m).m, m);
  });

  await proof.prove("published text reaches its subscriber", async () => {
    const m = mark();
    await client.pubsub.publish(pubsub, topics.plain, m);
    await eventually("the message", () => has(seen.plain, m));
  });

  await proof.prove("bulk publish delivers every message", async () => {
    const marks = Array.from({ length: 10 }, mark);
    const answer = await client.pubsub.publishBulk(pubsub, topics.plain, marks.map((m) => ({ m })));
    assert.equal(answer.failedMessages.length, 0);
    await eventually("all messages", () => marks.every((m) => has(seen.plain, m)));
  });

  await proof.prove("bulk subscription gets its messages", async () => {
    const m = mark();
    await client.pubsub.publish(pubsub, topics.bulk, { m });
    await eventually("the message", () => has(seen.bulk, m));
  });

  await proof.prove("dropped message goes to the dead letter topic", async () => {
    const m = mark();
    await client.pubsub.publish(pubsub, topics.failing, { m });
    await eventually("the dead letter", () => has(seen.dead, m));
    assert.ok(has(seen.failing, m));
  });

  await proof.prove("state is saved, read and deleted", async () => {
    const key = mark();
    assert.equal((await client.state.save(store, [{ key, value: { a: 1 } }])).error, undefined);
    assert.deepEqual(await client.state.get(store, key), { a: 1 });
    await client.state.delete(store, key);
    assert.ok([null, undefined, ""].includes(await client.state.get(store, key)));
  });

  await proof.prove("state with an old etag is refused", async () => {
    const key = mark();
    await client.state.save(store, [{ key, value: 1 }]);
    const [{ etag }] = await client.state.getBulk(store, [key]);
    const write = (value, tag) => client.state.save(store, [{ key, value, etag: tag, options: { concurrency: "first-write" } }]);
    assert.equal((await write(2, etag)).error, undefined);
    assert.ok((await write(3, etag)).error);
    assert.equal(await client.state.get(store, key), 2);
  });

  await proof.prove("state transaction does all of it", async () => {
    const [one, two] = [mark(), mark()];
    await client.state.save(store, [{ key: one, value: 1 }]);
    await client.state.transaction(store, [
      { operation: "upsert", request: { key: two, value: "x" } },
      { operation: "delete", request: { key: one } },
    ]);
    assert.equal(await client.state.get(store, two), "x");
    assert.ok([null, undefined, ""].includes(await client.state.get(store, one)));
  });

  await proof.prove("invocation reaches the app and brings its answer", async () => {
    const answer = await client.invoker.invoke(appId, "hello", HttpMethod.POST, { name: "jackpot" });
    assert.equal(answer.hello, "jackpot");
    assert.equal(calls.length, 1);
  });
}
