/** input_request: a question of running code to whoever started it, and the answer. */
import { randomUUID } from "node:crypto";

import type { Json, Message, Outgoing } from "./message.js";
import type { Answer } from "./ports.js";

interface Open {
  readonly question: number;
  readonly request: Message;
  /** The id of the input_request, which a careful client names as parent of its reply. */
  readonly id: string;
}

const REFUSED =
  "This front end cannot answer questions (it runs the cell with allow_stdin off). Set a variable in the code instead.";
const ENDED = "Only a running cell can ask a question, and this one has ended.";

function sameIdentity(a: Message, b: Message): boolean {
  if (a.identities.length !== b.identities.length) return false;
  return a.identities.every((frame, i) => Buffer.compare(frame, b.identities[i]!) === 0);
}

export class Questions {
  readonly #send: (message: Outgoing) => void;
  readonly #answer: (question: number, answer: Answer) => void;
  /** Code waits for its answer, so there is one question at most. */
  #open: Open | null = null;

  constructor(send: (message: Outgoing) => void, answer: (question: number, answer: Answer) => void) {
    this.#send = send;
    this.#answer = answer;
  }

  /**
   * @param request the request whose code asks
   * @param isRunning whether that request still waits for its end
   */
  ask(question: number, content: Json, request: Message | null, isRunning: boolean): void {
    if (request === null || !isRunning) return this.#answer(question, { refused: ENDED });
    if (request.content["allow_stdin"] !== true) return this.#answer(question, { refused: REFUSED });
    this.#open = { question, request, id: randomUUID() };
    this.#send({ type: "input_request", parent: request, content, id: this.#open.id });
  }

  /** A reply that answers no open question, or comes from another client, does nothing. */
  receive(reply: Message): void {
    const open = this.#open;
    if (open === null || !sameIdentity(open.request, reply)) return;
    const { msg_id: parent, msg_type: type } = reply.parentHeader;
    if (type === "input_request" && parent !== open.id) return;
    const { value } = reply.content;
    if (typeof value !== "string") return;
    this.#open = null;
    this.#answer(open.question, { value });
  }

  /** The code that asked was interrupted: an answer that comes later must not answer the next question. */
  forget(): void {
    this.#open = null;
  }
}
