/** `input` and `prompt`: user code asks, and waits on the spot for the answer. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";

import type { Answer } from "../../core/ports.js";

/** The front end cannot answer, or there is no cell that it could answer for. */
export class InputUnavailableError extends Error {
  override readonly name = "InputUnavailableError";
}

export interface InputOptions {
  /** Show dots in place of what is typed. */
  readonly password?: boolean;
}

export interface InputApi {
  /**
   * Ask the reader for a line of text, and wait for it.
   *
   * @param message what to ask
   * @throws InputUnavailableError where nobody can answer: nbconvert, papermill, a timer of a cell that has ended
   */
  input(message?: string, options?: InputOptions): string;
  /** As in a browser: a line of text; `preset` where the answer is empty. */
  prompt(message?: string, preset?: string): string;
  /** As in a browser: true for an answer that begins with y, as in "yes". */
  confirm(message?: string): boolean;
}

/** What the two threads share: the answers, and a counter that rises with each. */
export interface AnswerChannel {
  readonly port: MessagePort;
  readonly arrived: Int32Array;
}

type Ask = (question: number, prompt: string, password: boolean) => void;

export function createInput({ port, arrived }: AnswerChannel, ask: Ask): InputApi {
  let last = 0;

  const answerTo = (question: number): Answer => {
    for (;;) {
      const seen = Atomics.load(arrived, 0);
      for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
        const message = next.message as { readonly question: number; readonly answer: Answer };
        // The answer to a question that was interrupted answers no other.
        if (message.question === question) return message.answer;
      }
      // This can be interrupted; nothing of the thread's own runs meanwhile.
      Atomics.wait(arrived, 0, seen);
    }
  };

  const input = (message: unknown = "", { password = false }: InputOptions = {}): string => {
    const question = ++last;
    ask(question, String(message), password);
    const answer = answerTo(question);
    if ("refused" in answer) throw new InputUnavailableError(answer.refused);
    return answer.value;
  };

  return {
    input,
    prompt: (message, preset = "") => input(message) || preset,
    confirm: (message = "") => /^\s*y/i.test(input(`${message} (y/n) `)),
  };
}
