/** The command line of `cotangent`: what was asked for, or why it cannot be understood. */
import { parseArgs } from "node:util";

import { CommandError, type Target } from "./places.js";

export const HELP = `cotangent install [--user | --sys-prefix | --prefix FOLDER]
    put the kernel and the JupyterLab extension where Jupyter finds them:
    for you (the default), in the active Python environment, or below a folder
cotangent uninstall [--user | --sys-prefix | --prefix FOLDER]
    remove what install put there
cotangent doctor [--json]
    what is where, what works, and what to do about what does not
cotangent kernel CONNECTION_FILE
    run the kernel; Jupyter does that
cotangent --version | --help`;

const COMMANDS = ["install", "uninstall", "doctor", "kernel", "help", "version"] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Asked extends Target {
  readonly command: CommandName;
  readonly json: boolean;
  readonly rest: readonly string[];
}

/** How many letters must be put in, taken out or changed to make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** The command that was meant, perhaps. */
function nearest(name: string): string | null {
  const [best] = COMMANDS.map((each) => ({ each, far: distance(name, each) })).sort((a, b) => a.far - b.far);
  return best!.far <= 2 ? best!.each : null;
}

/** What each command takes beside its name. */
const TAKES: Readonly<Record<CommandName, { options: readonly string[]; words: number }>> = {
  install: { options: ["user", "sys-prefix", "prefix"], words: 0 },
  uninstall: { options: ["user", "sys-prefix", "prefix"], words: 0 },
  doctor: { options: ["json"], words: 0 },
  kernel: { options: [], words: 1 },
  help: { options: [], words: 0 },
  version: { options: [], words: 0 },
};

/** @throws CommandError for what is no command, no option, or too many of them */
export function parseCommand(args: readonly string[]): Asked {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        user: { type: "boolean" },
        "sys-prefix": { type: "boolean" },
        prefix: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new CommandError(`${(error as Error).message.replace(/\. To specify.*$/s, ".")}\n\n${HELP}`);
  }
  const { values, positionals } = parsed;
  const { help, version, ...options } = values;
  const [name = "help", ...rest] = help ? ["help"] : version ? ["version"] : positionals;
  const command = COMMANDS.find((each) => each === name);
  if (command === undefined) {
    const near = nearest(name);
    throw new CommandError(
      `There is no command "${name}".${near === null ? "" : ` Did you mean "${near}"?`}\n\n${HELP}`,
    );
  }
  const takes = TAKES[command];
  const given = Object.keys(options);
  const surplus = given.find((option) => !takes.options.includes(option));
  if (surplus !== undefined) throw new CommandError(`cotangent ${command} takes no --${surplus}.\n\n${HELP}`);
  if (rest.length !== takes.words)
    throw new CommandError(
      `cotangent ${command} takes ${takes.words === 0 ? "nothing more" : "one connection file"}.\n\n${HELP}`,
    );
  if (command !== "doctor" && given.length > 1)
    throw new CommandError("Choose one of --user, --sys-prefix and --prefix.");
  if (options.prefix === "") throw new CommandError("--prefix names no folder.");
  return {
    command,
    sysPrefix: options["sys-prefix"] ?? false,
    prefix: options.prefix,
    json: options.json ?? false,
    rest,
  };
}
