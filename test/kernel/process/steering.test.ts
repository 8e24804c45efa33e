/** Steering a cell that never yields: it pauses, steps, goes on and stops, while the I/O thread answers. */
import assert from "node:assert/strict";

import { createSteeringMemory, proceed, steer } from "../../../kernel/src/node/steering.js";
import { useKernel } from "../../support/kernel-fixture.js";

describe("the memory that steers", () => {
  it("lets a paused computation take the steps that were asked for, and no more", () => {
    const memory = createSteeringMemory();
    for (const wish of ["pause", "step", "step"] as const) steer(memory, wish);
    assert.equal(proceed(memory), true);
    assert.equal(proceed(memory), true);
    assert.equal(Atomics.load(memory, 1), 0, "no step is left");
    steer(memory, "stop");
    assert.equal(proceed(memory), false);
    steer(memory, "run");
    assert.equal(proceed(memory), true);
  });

  it("forgets at a pause the steps that were not taken", () => {
    const memory = createSteeringMemory();
    for (const wish of ["step", "step", "pause"] as const) steer(memory, wish);
    assert.equal(Atomics.load(memory, 1), 0);
  });
});

describe("steering", () => {
  const kernel = useKernel();
  const wish = async (what: string) => {
    const id = await kernel().send("comm_msg", { comm_id: "steer", data: { wish: what } }, "shell");
    return kernel().find(({ type, parent }) => type === "comm_msg" && parent === id);
  };
  /** A cell that counts for ever, unless it is stopped, and prints each number. */
  const COUNT = `{
    const steering = globalThis[Symbol.for("cotangent.steering")];
    let n = 0;
    while (steering.proceed()) console.log("at", ++n);
    console.log("stopped");
  }`;
  const start = async () => {
    const id = await kernel().send("execute_request", { code: COUNT, silent: false, stop_on_error: true }, "shell"); // prettier-ignore
    await kernel().find(({ type, parent }) => type === "stream" && parent === id);
    return id;
  };
  const printed = (id: string): string =>
    kernel()
      .received.filter(({ type, parent }) => type === "stream" && parent === id)
      .map(({ content }) => String(content.text))
      .join("");

  before(async () => {
    await kernel().idle(
      await kernel().send("comm_open", { comm_id: "steer", target_name: "cotangent.steering", data: {} }),
    );
  });

  it("stops a loop that never yields, and the cell ends in its own words", async () => {
    const id = await start();
    const answer = await wish("stop");
    assert.deepEqual(answer.content.data, { wish: "stop" });
    await kernel().idle(id);
    assert.match(printed(id), /at \d+\nstopped\n$/);
  });

  it("pauses it, takes single steps, and goes on", async () => {
    const id = await start();
    await wish("pause");
    // What it had begun is printed at most once more; from then on, one line a step.
    await wish("step");
    await wish("step");
    await wish("pause");
    await wish("run");
    await wish("stop");
    await kernel().idle(id);
    assert.match(printed(id), /stopped\n$/);
  });

  it("is over with the cell: what a message starts afterwards is neither stopped nor paused", async () => {
    await kernel().execute(`jupyter.comms.register("asked", (comm) => {
      comm.send({ proceeds: globalThis[Symbol.for("cotangent.steering")].proceed() });
    })`);
    const id = await start();
    await wish("stop");
    await kernel().idle(id);
    for (const [commId, idle] of [
      ["after-stop", undefined],
      ["after-pause", "pause"],
    ] as const) {
      // prettier-ignore
      if (idle) await wish(idle);
      await kernel().send("comm_open", { comm_id: commId, target_name: "asked", data: {} }, "shell");
      const answer = await kernel().find(({ type, content }) => type === "comm_msg" && content.comm_id === commId); // prettier-ignore
      assert.deepEqual(answer.content.data, { proceeds: true });
    }
  });

  it("can be interrupted while it is paused, with its variables kept", async () => {
    const id = await kernel().send(
      "execute_request",
      {
        code: `{
          const steering = globalThis[Symbol.for("cotangent.steering")];
          console.log("ready");
          while (steering.proceed()) {}
          console.log("paused by stop");
        }`,
        silent: false,
      },
      "shell",
    );
    await kernel().find(({ type, parent }) => type === "stream" && parent === id);
    await wish("pause");
    // It is interrupted while it waits, and no variable is lost.
    await kernel().request("interrupt_request", {}, "control");
    await kernel().idle(id);
    assert.equal((await kernel().execute("40 + 2")).result, "42");
  });

  it("begins the next cell unsteered", async () => {
    await wish("stop");
    const cell = await kernel().execute('globalThis[Symbol.for("cotangent.steering")].proceed()');
    assert.equal(cell.result, "true");
  });

  it("does nothing for a wish that it does not know", async () => {
    const id = await kernel().send("comm_msg", { comm_id: "steer", data: { wish: "explode" } }, "shell");
    await kernel().idle(id);
    assert.ok(!kernel().received.some(({ type, parent }) => type === "comm_msg" && parent === id));
  });
});
