/** A statement that a trace leaves something out, so that a picture can say it too. */
export interface Omission {
  /** What was thinned out, for example "iterations" or "tokens". */
  readonly what: string;
  /** How many of them the trace holds. */
  readonly kept: number;
  /** How many there were. */
  readonly of: number;
  /** Why, in a few words for the reader. */
  readonly reason: string;
}
