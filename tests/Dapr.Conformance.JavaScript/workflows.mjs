import { DaprWorkflowClient, WorkflowRuntime } from "@dapr/dapr";

const options = { daprHost: "127.0.0.1", daprPort: process.env.DAPR_GRPC_PORT, logger: { level: "error" } };

export const workflows = new DaprWorkflowClient(options);

/** The worker of this application; what it runs is begun by its name. */
export function worker() {
  return new WorkflowRuntime(options)
    .registerActivityWithName("plus-one", async (_, number) => (number ?? 0) + 1) // a 0 is not sent
    .registerActivityWithName("break", async () => {
      throw new Error("no such apple");
    })
    .registerWorkflowWithName("chain", async function* (context, steps) {
      let number = 0;
      for (let i = 0; i < steps; i++) number = yield context.callActivity("plus-one", number);
      return number;
    })
    .registerWorkflowWithName("fan-out", async function* (context, width) {
      const all = yield context.whenAll(Array.from({ length: width }, (_, i) => context.callActivity("plus-one", i + 1)));
      return all.reduce((sum, one) => sum + one, 0);
    })
    .registerWorkflowWithName("event-after-timer", async function* (context) {
      yield context.createTimer(1);
      return yield context.waitForExternalEvent("go");
    })
    .registerWorkflowWithName("break", async function* (context) {
      yield context.callActivity("break", "x");
    })
    .registerWorkflowWithName("rounds", async function* (context, left) {
      yield context.callActivity("plus-one", left);
      if (left === 1) return "over";
      context.continueAsNew(left - 1, true);
    });
}
