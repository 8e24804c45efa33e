/** Run a program to its end and keep what it printed. */
import { spawn } from "node:child_process";

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string }>} code 127 when there is no such program
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", (error) => resolve({ code: 127, output: `${program}: ${error.message}` }));
    child.once("close", (code, signal) => resolve({ code: code ?? (signal ? 130 : 1), output }));
  });
}

/** npm is a script on Windows, and scripts need a shell there. */
export const npm = (args, options = {}) =>
  process.platform === "win32"
    ? run("npm.cmd", args, { shell: true, ...options })
    : run("npm", args, options);
