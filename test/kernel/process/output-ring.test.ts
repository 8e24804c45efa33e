/** The shared memory between the threads: every byte, in order, among the reports, however the pieces fall. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { createRing, RingReader, RingWriter } from "../../../kernel/src/node/output-ring.js";

function bench(hasRoom: () => boolean = () => true) {
  const memory = createRing();
  const wakes: number[] = [];
  const taken: [number, string, string][] = [];
  const writer = new RingWriter(memory, () => wakes.push(1));
  const reader = new RingReader(memory, { hasRoom, take: (...text) => taken.push(text) });
  const text = () => taken.map((piece) => piece[2]).join("");
  return { writer, reader, wakes, taken, text };
}

describe("the output ring", () => {
  it("brings text over as it was, whatever its length, many times around", () => {
    const { writer, reader, taken } = bench();
    const piece = fc.record({
      origin: fc.integer({ min: 1, max: 3 }),
      name: fc.constantFrom("stdout" as const, "stderr" as const),
      unit: fc.constantFrom("x", "é", "🐎", "line\n", "\u0000\r"),
      times: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30_000 })),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const expected: Record<string, string> = {};
        taken.length = 0;
        for (const { origin, name, unit, times } of pieces) {
          const text = unit.repeat(times);
          expected[`${origin} ${name}`] = (expected[`${origin} ${name}`] ?? "") + text;
          writer.write(origin, name, text);
          while (reader.read());
        }
        const got: Record<string, string> = {};
        for (const [origin, name, text] of taken)
          got[`${origin} ${name}`] = (got[`${origin} ${name}`] ?? "") + text;
        for (const [key, text] of Object.entries(expected)) assert.ok((got[key] ?? "") === text, key);
      }),
      { numRuns: 200, seed: 20261124 },
    );
  });

  it("does not cut a character in two, and replaces half characters", () => {
    const { writer, reader, text } = bench();
    const horses = "x" + "🐎".repeat(70_000);
    writer.write(1, "stdout", horses);
    while (reader.read());
    assert.ok(text() === horses);
    writer.write(1, "stdout", "a\ud800b");
    reader.read();
    assert.ok(text() === horses + "a\ufffdb");
  });

  it("reads no text that comes after a report before that report", () => {
    const { writer, reader, text } = bench();
    writer.write(1, "stdout", "before");
    writer.mark(1);
    writer.write(1, "stdout", "after");
    reader.read();
    assert.equal(text(), "before");
    reader.readTo(1);
    reader.read();
    assert.equal(text(), "beforeafter");
  });

  it("goes on after a report that was cut short before its mark, or never came", () => {
    const { writer, reader, text } = bench();
    writer.write(1, "stdout", "a");
    reader.readTo(1);
    writer.write(1, "stdout", "b");
    writer.mark(2);
    writer.write(1, "stdout", "c");
    reader.readTo(3);
    writer.mark(3);
    writer.write(1, "stdout", "d");
    reader.read();
    assert.equal(text(), "abcd");
  });

  it("leaves text where it is while there is no room for it, but never holds back a report", () => {
    const { writer, reader, text } = bench(() => false);
    writer.write(1, "stdout", "a");
    assert.equal(reader.read(), false);
    reader.readTo(1);
    assert.equal(text(), "a");
  });

  it("wakes the reader once, until it sleeps again", () => {
    const { writer, reader, wakes } = bench();
    for (let i = 0; i < 10; i++) writer.write(1, "stdout", "x");
    assert.equal(wakes.length, 1);
    assert.equal(reader.sleep(), false);
    reader.read();
    assert.equal(reader.sleep(), true);
    writer.write(1, "stdout", "x");
    assert.equal(wakes.length, 2);
  });
});
