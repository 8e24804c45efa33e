/** An equation that was not solved, so that there is no solution to differentiate. */
export class NotConvergedError extends Error {
  override readonly name = "NotConvergedError";
  /** The best iterate that was found. */
  readonly best: unknown;

  constructor(message: string, best: unknown) {
    super(message);
    this.best = best;
  }
}
