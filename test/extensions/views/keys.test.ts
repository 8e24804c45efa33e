import assert from "node:assert/strict";
import { keyAction } from "../../../extensions/views/src/common/keys.js";
import { neighbour } from "../../../extensions/views/src/attention/crosshair.js";
import { nextHead } from "../../../extensions/views/src/attention/heads.js";

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  keyAction({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held });

describe("the keys", () => {
  it("play with space, step with arrows, ten with shift, jump with Home and End", () => {
    assert.equal(press(" "), "toggle");
    assert.deepEqual(press("ArrowRight"), { step: 1 });
    assert.deepEqual(press("ArrowLeft", { shiftKey: true }), { step: -10 });
    assert.equal(press("Home"), "first");
    assert.equal(press("End"), "last");
  });
  it("leave other keys, and every combination with Control, to others", () => {
    assert.equal(press("a"), undefined);
    assert.equal(press("Enter"), undefined);
    assert.equal(press("ArrowRight", { ctrlKey: true }), undefined);
  });
  it("walk over cells without leaving the matrix", () => {
    assert.deepEqual(neighbour("ArrowUp", { query: 0, key: 3 }, 5), { query: 0, key: 3 });
    assert.deepEqual(neighbour("End", { query: 2, key: 0 }, 5), { query: 2, key: 4 });
    assert.equal(neighbour("x", { query: 2, key: 0 }, 5), undefined);
  });
  it("walk around the heads", () => {
    assert.equal(nextHead("ArrowRight", 7, 8), 0);
    assert.equal(nextHead("ArrowUp", 0, 8), 7);
    assert.equal(nextHead(" ", 0, 8), undefined);
  });
});
