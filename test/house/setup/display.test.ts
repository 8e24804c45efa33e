/** When `npm start` opens a browser, and when it only prints the address. */
import assert from "node:assert/strict";

import { hasDisplay } from "../../../scripts/setup/browser.mjs";

describe("a display", () => {
  it("is there on a desktop", () => {
    assert.ok(hasDisplay({}, "darwin"));
    assert.ok(hasDisplay({}, "win32"));
    assert.ok(hasDisplay({ DISPLAY: ":0" }, "linux"));
    assert.ok(hasDisplay({ WAYLAND_DISPLAY: "wayland-0" }, "linux"));
  });

  it("is not there without a screen, nor at the other end of SSH", () => {
    assert.ok(!hasDisplay({}, "linux"));
    assert.ok(!hasDisplay({ SSH_CONNECTION: "a 1 b 2", WAYLAND_DISPLAY: "wayland-0" }, "linux"));
    assert.ok(!hasDisplay({ SSH_CONNECTION: "a 1 b 2" }, "darwin"));
  });
});
