import assert from "node:assert/strict";
import { AbstractActor, ActorId, ActorProxyBuilder, Temporal } from "@dapr/dapr";
import { eventually } from "./proof.js";

// What the actors of this process did, seen from outside of their turns.
export const diary = { reminders: [], timers: 0, running: 0, runningMax: 0 };

export class CounterActor extends AbstractActor {
  async add(amount) {
    diary.runningMax = Math.max(diary.runningMax, ++diary.running);
    const state = this.getStateManager();
    const [exists, value] = await state.tryGetState("count");
    await new Promise((resolve) => setTimeout(resolve, 5));
    const next = (exists ? value : 0) + amount;
    await state.setState("count", next);
    diary.running--;
    return next;
  }

  async read() {
    const [exists, value] = await this.getStateManager().tryGetState("count");
    return exists ? value : null;
  }

  async remind(name) {
    await this.registerActorReminder(name, Temporal.Duration.from({ seconds: 1 }), Temporal.Duration.from({ seconds: 1 }), undefined, name);
  }

  async forget(name) {
    await this.unregisterActorReminder(name);
  }

  async tick() {
    await this.registerActorTimer("tick", "onTick", Temporal.Duration.from({ seconds: 1 }), Temporal.Duration.from({ seconds: 1 }), undefined, 3);
  }

  async untick() {
    await this.unregisterActorTimer("tick");
  }

  async onTick(data) {
    diary.timers += Number(data);
  }

  async receiveReminder(data) {
    diary.reminders.push(data);
  }
}

export async function proveActors(proof, client) {
  const builder = new ActorProxyBuilder(CounterActor, client);
  const id = () => ActorId.createRandomId();

  await proof.prove("actor state is kept between calls", async () => {
    const actor = builder.build(id());
    assert.equal(await actor.add(2), 2);
    assert.equal(await actor.add(3), 5);
    assert.equal(await actor.read(), 5);
  });

  await proof.prove("turns of one actor do not overlap", async () => {
    const actor = builder.build(id());
    diary.runningMax = 0;
    await Promise.all(Array.from({ length: 8 }, () => actor.add(1)));
    assert.equal(diary.runningMax, 1);
    assert.equal(await actor.read(), 8);
  });

  await proof.prove("two actors do not share state", async () => {
    await builder.build(id()).add(1);
    assert.ok([null, undefined, ""].includes(await builder.build(id()).read()));
  });

  await proof.prove("reminder fires with its data until it is removed", async () => {
    const actor = builder.build(id());
    const name = `r${Date.now()}`;
    await actor.remind(name);
    const mine = () => diary.reminders.filter((data) => data === name).length;
    await eventually("the second tick", () => mine() >= 2);
    await actor.forget(name);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const seen = mine();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.equal(mine(), seen);
  });

  await proof.prove("timer calls its method with its data until it is removed", async () => {
    const actor = builder.build(id());
    diary.timers = 0;
    await actor.tick();
    await eventually("the second tick", () => diary.timers >= 6);
    await actor.untick();
  });
}
