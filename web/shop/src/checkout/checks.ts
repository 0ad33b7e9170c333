import { type Check, emailAddress, required } from '../page/form.ts';
import { isCardNumber, readExpiry } from '../wire/card.ts';

export interface CheckoutValues extends Readonly<Record<string, string>> {
  readonly email: string;
  readonly name: string;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  readonly method: string;
  readonly token: string;
  readonly cardNumber: string;
  readonly expiry: string;
  readonly code: string;
}

export const countries = ['DE', 'AT', 'CH', 'BE', 'CZ', 'DK', 'ES', 'FR', 'IT', 'LU', 'NL', 'PL'] as const;

/** The provider's test tokens: every way a payment can go, without a card. */
export const testTokens = ['tok_success', 'tok_declined', 'tok_insufficient_funds', 'tok_challenge', 'tok_webhook_later'] as const;

/** How many digits a postal code has, where that is all there is to say about it. */
const postalDigits: Readonly<Record<string, number>> = { DE: 5, AT: 4, CH: 4, BE: 4, DK: 4, ES: 5, FR: 5, IT: 5, LU: 4 };

const postalCode: Check<CheckoutValues> = (values) => {
  const given = values.postalCode.trim();
  if (!given) return 'ui.field.required';
  const digits = postalDigits[values.country];
  if (digits) return new RegExp(`^\\d{${digits}}$`).test(given) ? null : 'shop.mistake.postalCode';
  return /^[\p{L}\d][\p{L}\d -]{1,11}$/u.test(given) ? null : 'shop.mistake.postalCode';
};

const ofCard =
  (check: Check<CheckoutValues>): Check<CheckoutValues> =>
  (values) =>
    values.method === 'card' ? check(values) : null;

export function checkoutChecks(now: () => Date) {
  return {
    email: emailAddress<CheckoutValues>('email'),
    name: required<CheckoutValues>('name'),
    street: required<CheckoutValues>('street'),
    postalCode,
    city: required<CheckoutValues>('city'),
    country: required<CheckoutValues>('country'),
    cardNumber: ofCard((values) => (isCardNumber(values.cardNumber) ? null : 'shop.mistake.cardNumber')),
    expiry: ofCard((values) => (readExpiry(values.expiry, now()) ? null : 'shop.mistake.expiry')),
    code: ofCard((values) => (/^\d{3,4}$/.test(values.code.trim()) ? null : 'shop.mistake.code')),
  };
}

/** Which field of the form a mistake of the service's body belongs to. */
export function fieldOfPath(path: string): string {
  const last = path.split('.').at(-1) ?? path;
  if (last === 'postal_code') return 'postalCode';
  return last;
}
