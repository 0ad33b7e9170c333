import { NoAnswerError, ProblemError, readProblem } from '@slipway/ui';
import { record, text } from '@slipway/ui/read';

export interface Card {
  readonly number: string;
  readonly month: string;
  readonly year: string;
  readonly code: string;
}

/**
 * Gives the card to the payment provider and gets a token for it. This is the only call that carries a card number, and it does not pass
 * through the shop: our own services refuse card data.
 */
export async function tokenise(provider: string, card: Card, send: typeof fetch = fetch): Promise<string> {
  const body = {
    card: {
      number: card.number.replaceAll(/\D/g, ''),
      exp_month: Number(card.month),
      exp_year: Number(card.year),
      cvc: card.code,
    },
  };
  let response: Response;
  try {
    response = await send(`${provider}/v1/tokens`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      signal: AbortSignal.timeout(15_000),
    });
  } catch (error) {
    throw new NoAnswerError(error instanceof DOMException && error.name === 'TimeoutError' ? 'timeout' : 'network', { cause: error });
  }
  if (!response.ok) throw new ProblemError(await readProblem(response));
  const token = text(record(await response.json().catch(() => null)).id);
  if (!token) throw new NoAnswerError('network');
  return token;
}

/** The check digit of card numbers (Luhn): catches a slip of the finger before anybody is asked. */
export function isCardNumber(given: string): boolean {
  const digits = given.replaceAll(/[\s-]/g, '');
  if (!/^\d{12,19}$/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits.at(-1 - at));
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** `MM/YY` or `MM / YYYY`, not in the past. */
export function readExpiry(given: string, now: Date): { readonly month: string; readonly year: string } | null {
  const found = /^\s*(\d{1,2})\s*[/.-]\s*(\d{2}|\d{4})\s*$/.exec(given);
  if (!found) return null;
  const month = Number(found[1]);
  const year = Number(found[2]) + (found[2]?.length === 2 ? 2000 : 0);
  if (month < 1 || month > 12) return null;
  if (year * 12 + month < now.getFullYear() * 12 + now.getMonth() + 1) return null;
  return { month: String(month), year: String(year) };
}
