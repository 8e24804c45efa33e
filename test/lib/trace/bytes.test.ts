/** Byte order: a big-endian machine writes and reads the same little-endian bytes. */
import assert from "node:assert/strict";
import { swapBytes } from "../../../lib/src/trace/bytes.js";

describe("byte order", () => {
  it("is reversed element by element, in a copy", () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    assert.deepEqual(swapBytes(bytes, 4), Uint8Array.of(4, 3, 2, 1, 8, 7, 6, 5));
    assert.deepEqual(swapBytes(bytes, 1), bytes);
    assert.equal(bytes[0], 1);
  });
});
