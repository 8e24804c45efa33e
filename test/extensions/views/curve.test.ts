import assert from "node:assert/strict";
import { envelope } from "../../../extensions/views/src/common/envelope.js";
import { logDomain, residualKind } from "../../../extensions/views/src/common/log-scale.js";

describe("the scale of residuals", () => {
  it("spans whole powers of ten and includes the tolerance", () => {
    const { domain, ticks } = logDomain([0.5, 0.03, 0.002], 1e-5);
    assert.deepEqual(domain, [1e-5, 1]);
    assert.ok(ticks.every((tick) => tick >= 1e-5 && tick <= 1));
  });
  it("ignores zero, negative and non-finite values", () => {
    assert.deepEqual(logDomain([0.5, 0, NaN, Infinity, -1]).domain, [0.1, 1]);
  });
  it("has a domain when there is no value at all", () => {
    assert.deepEqual(logDomain([NaN, 0]).domain, [0.1, 1]);
  });
  it("has room for a single value that is a power of ten", () => {
    const [low, high] = logDomain([0.1]).domain;
    assert.ok(low < high && low <= 0.1 && high >= 0.1);
  });
  it("labels at most five powers however far it reaches, and stays finite at the ends of Float64", () => {
    for (const values of [
      [1e-20, 1],
      [5e-324, 1e308],
      [1e300, 1e308],
    ]) {
      const { domain, ticks } = logDomain(values);
      assert.ok(ticks.length >= 2 && ticks.length <= 5, String(ticks));
      assert.ok(domain.every((end) => end > 0 && Number.isFinite(end)));
      assert.ok(domain[0] < domain[1]);
    }
  });
  it("sorts values into drawable, zero and missing", () => {
    assert.deepEqual([1, 0, NaN, Infinity, -1].map(residualKind), [
      "value",
      "zero",
      "missing",
      "missing",
      "missing",
    ]);
  });
});

describe("a long curve", () => {
  const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 1000));
  it("is drawn whole when it is short", () => assert.deepEqual(envelope([3, 1, 2], 10), [0, 1, 2]));
  it("is drawn with few points, ascending", () => {
    const kept = envelope(values, 300);
    assert.ok(kept.length <= 1500);
    assert.ok(kept.every((k, i) => i === 0 || k > kept[i - 1]!));
  });
  it("keeps a lone peak and a lone gap", () => {
    const odd = values.slice();
    [odd[12_345], odd[54_321]] = [99, NaN];
    const kept = envelope(odd, 300);
    assert.ok(kept.includes(12_345) && kept.includes(54_321));
  });
});
