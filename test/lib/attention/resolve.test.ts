/** Solving again for a picture, with comms as a kernel has them. */
import assert from "node:assert/strict";
import { solveAttention } from "cotangent";
import { ATTENTION_MIME, type BinaryBuffer, decodeAttentionTrace } from "cotangent/trace";
import { toy } from "./toy.js";

const COMMS = Symbol.for("cotangent.comms");
type Sent = [data: { request?: number; trace?: unknown; error?: string }, extras?: { buffers: BinaryBuffer[] }]; // prettier-ignore
interface Comm {
  onMessage: (message: { data: unknown }) => unknown;
  send: (...sent: Sent) => unknown;
}
const displayed = async (solved: object) => {
  const show = (solved as Record<symbol, () => Promise<Record<string, unknown>>>)[Symbol.for("Jupyter.display")]!; // prettier-ignore
  return decodeAttentionTrace((await show.call(solved))[ATTENTION_MIME]);
};

describe("a solve that is shown where messages can come back", () => {
  let listen: (comm: Comm, open: { data: unknown }) => unknown;
  before(() => {
    const register = (target: string, onOpen: typeof listen) => {
      assert.equal(target, "cotangent.resolve");
      listen = onOpen;
    };
    Object.assign(globalThis, { [COMMS]: { register } });
  });
  after(() => {
    delete (globalThis as { [COMMS]?: unknown })[COMMS];
  });

  /** Ask over a new comm, with one message after its opening where there are two. */
  const ask = (...asked: object[]): Sent[] => {
    const sent: Sent[] = [];
    const comm: Comm = { onMessage: () => {}, send: (...one) => sent.push(one) };
    listen(comm, { data: asked[0] });
    for (const data of asked.slice(1)) comm.onMessage({ data });
    return sent;
  };

  it("is solved again with other temperatures and damping, and answers by whole traces", async () => {
    const problem = toy(11, 1.5, 4);
    const { resolve: solve } = await displayed(solveAttention(problem));
    const sent = ask(
      { solve, request: 1, temperature: [2], damping: 0.5 },
      { solve, request: 2, temperature: [1], damping: 0.3 },
    );
    for (const [i, temperature, damping] of [
      [0, 2, 0.5],
      [1, 1, 0.3],
    ] as const) {
      // prettier-ignore
      const [data, extras] = sent[i]!;
      assert.equal(data.request, i + 1);
      const { trace } = solveAttention({ ...problem, temperature, damping });
      assert.deepEqual(decodeAttentionTrace(data.trace, extras!.buffers), trace);
    }
  });

  it("says what is wrong with what was asked, and when it is gone", async () => {
    const first = await displayed(solveAttention(toy(777, 1, 1)));
    const wrong = ask({ solve: first.resolve, request: 1, temperature: [1], damping: 7 });
    assert.match(wrong[0]![0].error!, /^damping should be a number above 0 and at most 1; got 7/);
    for (let i = 0; i < 8; i++) await displayed(solveAttention(toy(777, 1, 1)));
    const gone = ask({ solve: first.resolve, request: 2, temperature: [1], damping: 1 });
    assert.match(gone[0]![0].error!, /no longer has this solve: run its cell again/);
    assert.match(ask({})[0]![0].error!, /no longer has/);
  });
});

describe("a solve that is shown where nobody carries messages", () => {
  it("offers nothing", async () => {
    assert.equal((await displayed(solveAttention(toy(777, 1, 1)))).resolve, undefined);
  });
});
