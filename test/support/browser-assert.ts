/** As much of node:assert as the checks of an engine use, for a page. */
function fail(message: unknown): never {
  throw new Error(String(message));
}

const assert = {
  equal(got: unknown, want: unknown, message?: string) {
    if (!Object.is(got, want)) fail(`${message ?? ""}: ${String(got)} is not ${String(want)}`);
  },
  ok(value: unknown, message?: string) {
    if (!value) fail(message ?? "not so");
  },
};

export default assert;
