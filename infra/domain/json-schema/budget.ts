/** A schema asks for more work than is done for it: it goes in circles, or multiplies. */
export class EndlessSchemaError extends Error {}

/** Work that may still be done: about a second of it, where a sensible schema takes a millisecond. */
export class Budget {
  private left = 2_000_000;

  /** @throws {EndlessSchemaError} when too little is left */
  spend(work: number): void {
    this.left -= work;
    if (this.left < 0) throw new EndlessSchemaError();
  }
}
