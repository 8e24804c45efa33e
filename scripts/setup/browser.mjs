/** Open a page in the user's browser, where there is a screen to show it on. */
import { spawn } from "node:child_process";

const openers = {
  darwin: (url) => ["open", [url]],
  win32: (url) => ["cmd", ["/c", "start", "", url.replaceAll("&", "^&")]],
  linux: (url) => ["xdg-open", [url]],
};

export function hasDisplay(env = process.env, platform = process.platform) {
  if (env["SSH_CONNECTION"] && !env["DISPLAY"]) return false;
  return platform === "darwin" || platform === "win32" || Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);
}

export function openBrowser(url) {
  const opener = openers[process.platform];
  if (!opener) return;
  const [program, args] = opener(url);
  // Without a browser the URL that was printed is what remains.
  spawn(program, args, { stdio: "ignore", detached: true })
    .once("error", () => {})
    .unref();
}
