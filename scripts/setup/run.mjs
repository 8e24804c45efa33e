/** Run a program to its end and keep what it printed. */
import { spawn } from "node:child_process";

const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"];
const STOPPED = 130;

/**
 * A program does not outlive a script that is stopped: npm, say, goes on for seconds to undo what it did, and would
 * meet the npm of the next start. What is left half done here is done anew then.
 */
function endWithUs(child) {
  const stop = () => {
    child.once("exit", () => process.exit(STOPPED));
    child.kill("SIGKILL");
  };
  for (const signal of STOPS) process.on(signal, stop);
  return () => STOPS.forEach((signal) => process.off(signal, stop));
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string }>} code 127 when there is no such program
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    const release = endWithUs(child);
    const end = (code, text) => {
      release();
      resolve({ code, output: text });
    };
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", (error) => end(127, `${program}: ${error.message}`));
    child.once("close", (code, signal) => end(code ?? (signal ? STOPPED : 1), output));
  });
}

/** npm is a script on Windows, and scripts need a shell there. */
export const npm = (args, options = {}) =>
  process.platform === "win32"
    ? run("npm.cmd", args, { shell: true, ...options })
    : run("npm", args, options);
