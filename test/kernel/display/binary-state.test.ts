/** Binary values of a widget's state leave it for buffers, and come back to where they were. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { joinBinary, splitBinary } from "../../../kernel/src/node/host/rich/widgets/binary-state.js";

const bytes = (value: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);

describe("the binary values of a widget's state", () => {
  it("are replaced by null in lists and left out of objects", () => {
    const { state, paths } = splitBinary({
      a: 1,
      x: new Float32Array(2),
      deep: { list: [1, new Uint8Array(1)] },
    });
    assert.deepEqual(state, { a: 1, deep: { list: [1, null] } });
    assert.deepEqual(paths, [["x"], ["deep", "list", 1]]);
  });

  it("come back with the element type of what they replace, else as bytes", () => {
    const sent = Buffer.from(new Float32Array([1, 2]).buffer);
    const known = { x: new Float32Array(9) };
    assert.deepEqual(joinBinary({}, [["x"]], [sent], known), { x: new Float32Array([1, 2]) });
    assert.deepEqual(joinBinary({}, [["x"]], [sent.subarray(0, 3)], known), {
      x: new Uint8Array(sent.subarray(0, 3)),
    });
    assert.deepEqual(joinBinary({}, [["y"]], [sent], known), { y: new Uint8Array(sent) });
  });

  it("with a path that leads nowhere, or to a prototype, change nothing", () => {
    const paths = [["a", "b", 0], [], "x", null, ["__proto__", "polluted"], ["constructor", "x"], [0]];
    const joined = joinBinary(
      { a: 1 },
      paths,
      paths.map(() => new Uint8Array(1)),
    );
    assert.equal(joined["a"], 1);
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
    assert.deepEqual(joinBinary({ a: 1 }, "nonsense", []), { a: 1 });
  });

  it("survive the way there and back (seeded)", () => {
    const leaf = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.constant(null),
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
    );
    const key = fc.constantFrom("a", "b", "c", "_esm");
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree")),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree), (state) => {
        const { state: rest, paths, buffers } = splitBinary(state);
        const travelled = JSON.parse(JSON.stringify({ rest, paths })) as {
          rest: Record<string, unknown>;
          paths: unknown;
        };
        assert.deepEqual(
          joinBinary(travelled.rest, travelled.paths, buffers.map(bytes)),
          structuredClone(state),
        );
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
