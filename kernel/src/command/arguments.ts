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

/** How many letters differ, at the most lenient: for words that were mistyped. */
function isNear(a: string, b: string): boolean {
  const common = [...a].filter((letter) => b.includes(letter)).length;
  return Math.abs(a.length - b.length) <= 2 && common >= Math.max(a.length, b.length) - 2;
}

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
  const [name = "help", ...rest] = positionals;
  if (values.help) return { command: "help", sysPrefix: false, prefix: undefined, json: false, rest };
  if (values.version) return { command: "version", sysPrefix: false, prefix: undefined, json: false, rest };
  const command = COMMANDS.find((each) => each === name);
  if (command === undefined) {
    const near = COMMANDS.find((each) => isNear(name, each));
    throw new CommandError(
      `There is no command "${name}".${near ? ` Did you mean "${near}"?` : ""}\n\n${HELP}`,
    );
  }
  if ([values.user, values["sys-prefix"], values.prefix !== undefined].filter(Boolean).length > 1)
    throw new CommandError("Choose one of --user, --sys-prefix and --prefix.");
  return {
    command,
    sysPrefix: values["sys-prefix"] ?? false,
    prefix: values.prefix,
    json: values.json ?? false,
    rest,
  };
}
