/** A Jupyter client over plain ZeroMQ, for what a polite client never does: bad frames, exact timing, raw order. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Dealer, Request, Subscriber } from "zeromq";

import { createSigner, decode, type Signer } from "../../kernel/src/node/wire.js";

export const KERNEL_MAIN = resolve(import.meta.dirname, "../../kernel/dist/node/main.js");

type Json = Record<string, unknown>;

export interface Received {
  readonly channel: "shell" | "control" | "iopub" | "stdin";
  readonly type: string;
  readonly id: string;
  readonly parent: string | undefined;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the content of a message is what the test says it is
  readonly content: any;
  readonly metadata: Json;
  readonly buffers: readonly Uint8Array[];
  readonly at: number;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

export interface KernelOptions {
  /** The kernel's working folder: where the notebook would be. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Another kernel than ours: its program and arguments, for a connection file. */
  readonly command?: (connectionFile: string) => readonly [program: string, ...args: string[]];
  /** Whether the kernel greets subscribers with iopub_welcome, as ours does. */
  readonly welcome?: boolean;
}

const ours = (file: string): [string, ...string[]] => [process.execPath, KERNEL_MAIN, file];

/** A kernel outlives a test run that is cut short, unless it is ended here. */
const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** A kernel process with its sockets; `stop()` leaves nothing behind. */
export class KernelClient {
  readonly received: Received[] = [];
  readonly process: ChildProcess;
  readonly startedAt = performance.now();
  readonly session = randomUUID();
  // Questions come to the identity that sent the request, on another socket; so all have the same.
  readonly shell = new Dealer({ receiveHighWaterMark: 0, linger: 0, routingId: this.session });
  readonly control = new Dealer({ receiveHighWaterMark: 0, linger: 0, routingId: this.session });
  readonly stdin = new Dealer({ receiveHighWaterMark: 0, linger: 0, routingId: this.session });
  readonly signer: Signer;
  /** What the kernel wrote to its own stderr. */
  log = "";
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  readonly #heartbeat = new Request({ linger: 0, receiveTimeout: 5000 });
  readonly #folder = mkdtempSync(join(tmpdir(), "cotangent-kernel-"));
  readonly #waiting = new Set<() => void>();
  #stopped = false;

  private constructor(ports: readonly number[], { cwd, env, command = ours }: KernelOptions) {
    const [shell, control, iopub, stdin, hb] = ports;
    const key = randomBytes(16).toString("hex");
    this.signer = createSigner(key, "hmac-sha256");
    const file = join(this.#folder, "connection.json");
    writeFileSync(
      file,
      JSON.stringify({
        transport: "tcp",
        ip: "127.0.0.1",
        key,
        signature_scheme: "hmac-sha256",
        shell_port: shell,
        control_port: control,
        iopub_port: iopub,
        stdin_port: stdin,
        hb_port: hb,
      }),
    );
    const [program, ...args] = command(file);
    this.process = spawn(program, args, {
      cwd: cwd ?? this.#folder,
      // The developer's own history stays as it is.
      env: { ...process.env, JPY_PARENT_PID: String(process.pid), COTANGENT_HISTORY: "off", ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.process.stderr!.setEncoding("utf8").on("data", (text: string) => (this.log += text));
    this.exited = once(this.process, "exit").then(([code, signal]) => ({ code, signal }) as never);
    running.add(this.process);
    this.shell.connect(`tcp://127.0.0.1:${shell}`);
    this.control.connect(`tcp://127.0.0.1:${control}`);
    this.stdin.connect(`tcp://127.0.0.1:${stdin}`);
    this.#iopub.connect(`tcp://127.0.0.1:${iopub}`);
    this.#iopub.subscribe("");
    this.#heartbeat.connect(`tcp://127.0.0.1:${hb}`);
    const sockets = { shell: this.shell, control: this.control, stdin: this.stdin, iopub: this.#iopub };
    for (const [channel, socket] of Object.entries(sockets))
      this.#listen(channel as Received["channel"], socket).catch((error: unknown) => {
        // A socket that is closed between two messages says so by an error.
        if (!this.#stopped) throw error;
      });
  }

  /** A kernel that has answered kernel_info and whose output this client has begun to hear. */
  static async start(options: KernelOptions = {}): Promise<KernelClient> {
    const client = new KernelClient(await freePorts(5), options);
    await client.request("kernel_info_request", {});
    const heard = () => client.received.some(({ channel }) => channel === "iopub");
    if (options.welcome !== false)
      await client.until(() => client.received.some(({ type }) => type === "iopub_welcome"));
    // Without a greeting, what tells that output arrives is output.
    else while (!heard()) await client.request("kernel_info_request", {});
    return client;
  }

  /** The frames of a rightly signed request, without sending it. */
  frames(
    type: string,
    content: Json,
    buffers: readonly Uint8Array[] = [],
    id: string = randomUUID(),
    parentHeader: Json = {},
    subshell_id: string | null = null,
  ): Uint8Array[] {
    const header = {
      msg_id: id,
      session: this.session,
      username: "test",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.5",
      subshell_id,
    };
    const parts = [header, parentHeader, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    return [Buffer.from("<IDS|MSG>"), Buffer.from(this.signer.sign(parts)), ...parts, ...buffers];
  }

  /** Send a request; resolves to its id at once. */
  async send(
    type: string,
    content: Json,
    channel: "shell" | "control" | "stdin" = "shell",
    buffers: readonly Uint8Array[] = [],
    parentHeader: Json = {},
  ): Promise<string> {
    const id = randomUUID();
    await this[channel].send(this.frames(type, content, buffers, id, parentHeader) as Buffer[]);
    return id;
  }

  /** Send a request to a subshell; resolves to its id at once. */
  async sendTo(subshell: string, type: string, content: Json): Promise<string> {
    const id = randomUUID();
    await this.shell.send(this.frames(type, content, [], id, {}, subshell) as Buffer[]);
    return id;
  }

  /** Send a request and wait for its reply. */
  async request(type: string, content: Json, channel: "shell" | "control" = "shell"): Promise<Received> {
    return this.reply(await this.send(type, content, channel));
  }

  reply(id: string): Promise<Received> {
    return this.find((message) => message.parent === id && message.type.endsWith("_reply"));
  }

  idle(id: string): Promise<Received> {
    return this.find(
      (message) =>
        message.parent === id && message.type === "status" && message.content.execution_state === "idle",
    );
  }

  async find(matches: (message: Received) => boolean): Promise<Received> {
    await this.until(() => this.received.some(matches));
    return this.received.find(matches)!;
  }

  /** Run a cell; resolves when its reply and its idle are here. */
  async execute(code: string, options: Json = {}): Promise<Cell> {
    const id = await this.send("execute_request", {
      code,
      silent: false,
      store_history: true,
      stop_on_error: true,
      ...options,
    });
    return this.cell(id);
  }

  async cell(id: string): Promise<Cell> {
    const [reply] = await Promise.all([this.reply(id), this.idle(id)]);
    return new Cell(
      reply,
      this.received.filter(({ parent, channel }) => parent === id && channel === "iopub"),
    );
  }

  /** Resolves when `ready()` is true; it is asked again after every message. */
  until(ready: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!ready()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  async beat(): Promise<string> {
    await this.#heartbeat.send("ping");
    const [answer] = await this.#heartbeat.receive();
    return answer!.toString();
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill("SIGKILL");
    await this.exited;
    this.#stopped = true;
    running.delete(this.process);
    for (const socket of [this.shell, this.control, this.stdin, this.#iopub, this.#heartbeat]) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #listen(channel: Received["channel"], socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      const { header, parentHeader, content, metadata, buffers } = decode(frames, this.signer);
      this.received.push({
        channel,
        type: header.msg_type,
        id: header.msg_id,
        parent: parentHeader.msg_id,
        content,
        metadata,
        buffers,
        at: performance.now(),
      });
      for (const check of [...this.#waiting]) check();
    }
  }
}

/** What came of a cell. */
export class Cell {
  readonly reply: Received;
  readonly outputs: readonly Received[];

  constructor(reply: Received, outputs: readonly Received[]) {
    this.reply = reply;
    this.outputs = outputs;
  }

  get status(): string {
    return this.reply.content.status as string;
  }

  stream(name: "stdout" | "stderr"): string {
    return this.outputs
      .filter(({ type, content }) => type === "stream" && content.name === name)
      .map(({ content }) => content.text as string)
      .join("");
  }

  /** The plain text of the result; undefined when there was none. */
  get result(): string | undefined {
    return this.outputs.find(({ type }) => type === "execute_result")?.content.data["text/plain"];
  }

  /** The traceback without colours. */
  get traceback(): string {
    // eslint-disable-next-line no-control-regex -- terminal colours begin with the escape character
    return (this.reply.content.traceback as string[]).join("\n").replace(/\u001b\[\d+m/g, "");
  }

  get types(): string[] {
    return this.outputs.map(({ type, content }) =>
      type === "status" ? `status:${content.execution_state}` : type,
    );
  }
}
