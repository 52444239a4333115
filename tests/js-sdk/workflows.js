import assert from "node:assert/strict";
import { DaprWorkflowClient, WorkflowRuntime, WorkflowRuntimeStatus } from "@dapr/dapr";
import { eventually } from "./proof.js";

let flaky = 0;

const activities = {
  upper: async (_context, text) => text.toUpperCase(),
  flaky: async () => {
    if (++flaky < 3) {
      throw new Error("not yet");
    }
    return "third";
  },
};

const workflows = {
  chain: async function* (context, input) {
    const first = yield context.callActivity("upper", input);
    const second = yield context.callActivity("upper", `${first}b`);
    return second;
  },
  fan: async function* (context, inputs) {
    const results = yield context.whenAll(inputs.map((input) => context.callActivity("upper", input)));
    return results.join("");
  },
  retry: async function* (context) {
    for (let attempt = 1; ; attempt++) {
      try {
        return yield context.callActivity("flaky", "");
      } catch (error) {
        if (attempt === 5) {
          throw error;
        }
      }
      yield context.createTimer(new Date(context.getCurrentUtcDateTime().getTime() + 500));
    }
  },
  timer: async function* (context) {
    yield context.createTimer(new Date(context.getCurrentUtcDateTime().getTime() + 1000));
    return "fired";
  },
  event: async function* (context) {
    return yield context.waitForExternalEvent("go");
  },
  race: async function* (context) {
    const event = context.waitForExternalEvent("never");
    const timer = context.createTimer(new Date(context.getCurrentUtcDateTime().getTime() + 500));
    const winner = yield context.whenAny([event, timer]);
    return winner === timer ? "timer" : "event";
  },
  parent: async function* (context, input) {
    return yield context.callChildWorkflow("chain", input, `${context.getWorkflowInstanceId()}-child`);
  },
  countdown: async function* (context, left) {
    yield context.createTimer(new Date(context.getCurrentUtcDateTime().getTime() + 100));
    if (left > 0) {
      context.continueAsNew(left - 1, true);
      return;
    }
    return "done";
  },
  fails: async function* () {
    throw new Error("on purpose");
  },
};

export async function startWorkflows(grpcPort) {
  const runtime = new WorkflowRuntime({ daprHost: "127.0.0.1", daprPort: grpcPort });
  Object.entries(workflows).forEach(([name, workflow]) => runtime.registerWorkflowWithName(name, workflow));
  Object.entries(activities).forEach(([name, activity]) => runtime.registerActivityWithName(name, activity));
  await runtime.start();
  return runtime;
}

export async function proveWorkflows(proof, grpcPort) {
  const client = new DaprWorkflowClient({ daprHost: "127.0.0.1", daprPort: grpcPort });
  const ended = (id) => client.waitForWorkflowCompletion(id, true, 30);
  const status = async (id) => (await client.getWorkflowState(id, false))?.runtimeStatus;
  const proveResult = (name, workflow, input, expected) =>
    proof.prove(name, async () => {
      const state = await ended(await client.scheduleNewWorkflow(workflow, input));
      assert.equal(state.runtimeStatus, WorkflowRuntimeStatus.COMPLETED);
      assert.equal(state.serializedOutput, JSON.stringify(expected));
    });

  await proveResult("workflow calls activities in a row", "chain", "a", "AB");
  await proveResult("workflow calls activities at once", "fan", ["a", "b", "c"], "ABC");
  await proveResult("failed activity is tried again after a timer", "retry", null, "third");
  await proveResult("timer fires", "timer", null, "fired");
  await proveResult("event or timer, whichever is first", "race", null, "timer");
  await proveResult("child gives its result to the parent", "parent", "c", "CB");
  await proveResult("continue as new starts over until it is done", "countdown", 3, "done");

  await proof.prove("event reaches the workflow that waits", async () => {
    const id = await client.scheduleNewWorkflow("event");
    await client.waitForWorkflowStart(id, false, 30);
    await client.raiseEvent(id, "go", { amount: 5 });
    assert.equal((await ended(id)).serializedOutput, '{"amount":5}');
  });

  await proof.prove("failed workflow tells why", async () => {
    const state = await ended(await client.scheduleNewWorkflow("fails"));
    assert.equal(state.runtimeStatus, WorkflowRuntimeStatus.FAILED);
    assert.match(state.workflowFailureDetails.getErrorMessage(), /on purpose/);
  });

  await proof.prove("suspended workflow waits until it is resumed", async () => {
    const id = await client.scheduleNewWorkflow("event");
    await client.waitForWorkflowStart(id, false, 30);
    await client.suspendWorkflow(id);
    await eventually("SUSPENDED", async () => (await status(id)) === WorkflowRuntimeStatus.SUSPENDED);
    await client.raiseEvent(id, "go", "kept");
    await client.resumeWorkflow(id);
    assert.equal((await ended(id)).serializedOutput, '"kept"');
  });

  await proof.prove("terminated workflow is over and can be purged", async () => {
    const id = await client.scheduleNewWorkflow("event");
    await client.waitForWorkflowStart(id, false, 30);
    await client.terminateWorkflow(id, "stopped");
    assert.equal((await ended(id)).runtimeStatus, WorkflowRuntimeStatus.TERMINATED);
    assert.equal(await client.purgeWorkflow(id), true);
    assert.equal(await client.getWorkflowState(id, false), undefined);
  });

  await client.stop();
}
