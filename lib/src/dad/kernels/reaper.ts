/**
 * A small process beside this one that outlives it by a moment: when this one ends, however it ends, it shuts down the kernels that are
 * left. A notebook whose kernel is restarted in the middle of a run leaves nothing behind.
 */
import type { ChildProcess } from "node:child_process";
import type { Server } from "./server.js";

/** On its input: the server, then "+id" for a kernel that runs and "-id" for one that is gone. The end of it is our end. */
const PROGRAM = `
let text = "";
process.stdin.setEncoding("utf8").on("data", (more) => (text += more)).on("end", async () => {
  const [server, ...lines] = text.split("\\n").filter(Boolean);
  const { baseUrl, token } = JSON.parse(server);
  const left = new Set();
  for (const line of lines) line[0] === "+" ? left.add(line.slice(1)) : left.delete(line.slice(1));
  const headers = token === "" ? {} : { Authorization: "token " + token };
  const end = async (id) => {
    // A server that is starting a dead kernel anew refuses for as long.
    for (let tries = 40; tries > 0; tries--) {
      const { status } = await fetch(baseUrl + "api/kernels/" + id, { method: "DELETE", headers });
      if (status < 500) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  await Promise.allSettled([...left].map(end));
});`;

export class Reaper {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, server: Server) {
    this.#child = child;
    // Without it the kernels still end with the run.
    child.on("error", () => {});
    child.stdin!.on("error", () => {});
    // It must not keep this process alive.
    child.unref();
    (child.stdin as unknown as { unref?(): void }).unref?.();
    this.#write(JSON.stringify(server));
  }

  static async start(server: Server): Promise<Reaper> {
    const { spawn } = await import("node:child_process");
    // In a session of its own: what ends this process and its group must leave it alone.
    const child = spawn(process.execPath, ["-e", PROGRAM], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    return new Reaper(child, server);
  }

  watch(kernel: string): void {
    this.#write(`+${kernel}`);
  }

  /** The kernel is gone. */
  forget(kernel: string): void {
    this.#write(`-${kernel}`);
  }

  /** It shuts down what it still watches, and ends. */
  end(): void {
    this.#child.stdin!.end();
  }

  #write(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }
}
