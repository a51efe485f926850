import { AbstractActor, Temporal } from "@dapr/dapr";

/** What actors of this process were told by reminders and timers, by actor id. */
export const rings = new Map();

/** An actor with a count in its state, a reminder and a timer. */
export class Tally extends AbstractActor {
  async add(n) {
    const state = this.getStateManager();
    const [found, count] = await state.tryGetState("count");
    const sum = (found ? count : 0) + n;
    await state.setState("count", sum);
    return sum;
  }

  async count() {
    const [found, count] = await this.getStateManager().tryGetState("count");
    return found ? count : 0;
  }

  async fail() {
    throw new Error("no such apple");
  }

  async remind() {
    await this.registerActorReminder("wake", Temporal.Duration.from({ seconds: 1 }), Temporal.Duration.from({ seconds: 1 }), undefined, "payload");
  }

  async forget() {
    await this.unregisterActorReminder("wake");
  }

  async startTimer() {
    await this.registerActorTimer("tick", "onTick", Temporal.Duration.from({ seconds: 1 }), Temporal.Duration.from({ seconds: 1 }), undefined, "tock");
  }

  async stopTimer() {
    await this.unregisterActorTimer("tick");
  }

  async onTick(data) {
    this.#ring(`timer ${data}`);
  }

  async receiveReminder(data) {
    this.#ring(`reminder ${data}`);
  }

  #ring(line) {
    const id = this.getActorId().getId();
    rings.set(id, [...(rings.get(id) ?? []), line]);
  }
}
