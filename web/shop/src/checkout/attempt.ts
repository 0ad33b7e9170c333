import { NoAnswerError, ProblemError } from '@slipway/ui';

/**
 * The key under which an order is placed. It stays the same until somebody has answered, so that an order whose answer was lost on the way
 * is not placed a second time; a changed order is another one and gets another key.
 */
export class CheckoutAttempt {
  #pending: { readonly key: string; readonly what: string } | null = null;

  constructor(readonly newKey: () => string = () => crypto.randomUUID()) {}

  get isOpen(): boolean {
    return this.#pending !== null;
  }

  async send<T>(what: unknown, place: (key: string) => Promise<T>): Promise<T> {
    const said = JSON.stringify(what);
    if (this.#pending?.what !== said) this.#pending = { key: this.newKey(), what: said };
    const { key } = this.#pending;
    try {
      const placed = await place(key);
      this.#pending = null;
      return placed;
    } catch (error) {
      if (isAnswer(error)) this.#pending = null;
      throw error;
    }
  }
}

/** Only a refusal is an answer. Silence, a broken server and "still working on it" leave open what became of the order. */
function isAnswer(error: unknown): boolean {
  if (error instanceof NoAnswerError) return false;
  return error instanceof ProblemError && error.status < 500 && error.status !== 429 && error.code !== 'idempotencyInProgress';
}
