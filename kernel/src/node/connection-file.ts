/** The connection file: where to bind and how to sign, as the Jupyter client wrote it. */
import { readFileSync } from "node:fs";

export interface Connection {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly key: string;
  readonly signatureScheme: string;
  readonly ports: Readonly<Record<"shell" | "control" | "stdin" | "iopub" | "hb", number>>;
}

export class ConnectionFileError extends Error {
  override readonly name = "ConnectionFileError";
}

const PORTS = ["shell", "control", "stdin", "iopub", "hb"] as const;

/** @throws ConnectionFileError that names the field that is missing or wrong */
export function parseConnection(text: string): Connection {
  let file: Record<string, unknown>;
  try {
    file = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new ConnectionFileError("The connection file is not JSON.");
  }
  const transport = file["transport"] ?? "tcp";
  if (transport !== "tcp" && transport !== "ipc")
    throw new ConnectionFileError(
      `The connection file asks for the transport "${String(transport)}"; tcp and ipc exist.`,
    );
  const ports: Partial<Record<(typeof PORTS)[number], number>> = {};
  for (const name of PORTS) {
    const port = file[`${name}_port`];
    if (typeof port !== "number" || !Number.isInteger(port) || port < 0 || port > 65535)
      throw new ConnectionFileError(`The connection file has no valid ${name}_port.`);
    ports[name] = port;
  }
  const text_ = (name: string, fallback: string): string => {
    const value = file[name] ?? fallback;
    if (typeof value !== "string")
      throw new ConnectionFileError(`The connection file's ${name} is not text.`);
    return value;
  };
  return {
    transport,
    ip: text_("ip", "127.0.0.1"),
    key: text_("key", ""),
    signatureScheme: text_("signature_scheme", "hmac-sha256"),
    ports: ports as Connection["ports"],
  };
}

export function readConnection(path: string): Connection {
  try {
    return parseConnection(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof ConnectionFileError) throw error;
    throw new ConnectionFileError(`The connection file ${path} cannot be read: ${(error as Error).message}`);
  }
}

/** The address of one socket: only what the connection file names is ever bound. */
export function addressOf({ transport, ip, ports }: Connection, socket: keyof Connection["ports"]): string {
  return transport === "ipc" ? `ipc://${ip}-${ports[socket]}` : `tcp://${ip}:${ports[socket]}`;
}
