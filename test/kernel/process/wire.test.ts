/** The wire format: what is accepted, and that nothing else is. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { createSigner, decode, encode, WireError } from "../../../kernel/src/node/wire.js";

const signer = createSigner("secret", "hmac-sha256");
const message = () =>
  encode(
    { type: "test", parent: null, content: { text: "žluťoučký 🐎" }, buffers: [Buffer.from([1, 2, 3])] },
    signer,
    "session",
    [Buffer.from("client")],
  );

describe("the wire format", () => {
  it("brings back what was sent: identities, dictionaries, buffers", () => {
    const decoded = decode(message(), signer);
    assert.equal(decoded.header.msg_type, "test");
    assert.deepEqual(decoded.content, { text: "žluťoučký 🐎" });
    assert.deepEqual(decoded.identities.map(String), ["client"]);
    assert.deepEqual([...decoded.buffers[0]!], [1, 2, 3]);
  });

  it("signs as the specification says: HMAC over the four dictionaries", () => {
    assert.equal(
      createSigner("key", "hmac-sha256").sign(["{}", "{}", "{}", "{}"].map((part) => Buffer.from(part))),
      // echo -n '{}{}{}{}' | openssl dgst -sha256 -hmac key
      "ca767b02c5bc061ed184a9a029e7f93a7f2f7ed4e8fe74120fc1212f0b008fa3",
    );
  });

  it("rejects a message that was signed with another key", () => {
    assert.throws(() => decode(message(), createSigner("other", "hmac-sha256")), /signature is wrong/);
  });

  it("accepts unsigned messages only where the key is empty", () => {
    const unsigned = createSigner("", "hmac-sha256");
    const frames = encode({ type: "test", parent: null, content: {} }, unsigned, "session", []);
    assert.equal(decode(frames, unsigned).header.msg_type, "test");
    assert.throws(() => decode(frames, signer), WireError);
  });

  it("rejects every mutation of a signed frame, and throws nothing but WireError", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (frame, offset, flip) => {
        const frames = message().map((part) => Buffer.from(part));
        const victim = frames[2 + (frame % 5)]!;
        if (victim.length === 0) return;
        victim[offset % victim.length]! ^= flip;
        assert.throws(() => decode(frames, signer), WireError);
      }),
      { numRuns: 2000, seed: 20261123 },
    );
  });

  it("throws nothing but WireError on any frames at all", () => {
    const frame = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(Buffer.from("<IDS|MSG>"), Buffer.from("{}"), Buffer.from("[]")),
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 9 }), (frames) => {
        assert.throws(() => decode(frames, createSigner("", "x")), WireError);
      }),
      { numRuns: 2000, seed: 20261123 },
    );
  });
});
