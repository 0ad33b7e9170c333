import { Formats, renderMessage } from './format.ts';
import { type Part, parseMessage, type Values } from './message.ts';
import { pseudo } from './pseudo.ts';

export type Messages = Readonly<Record<string, string>>;
export type Catalogues = Readonly<Record<string, Messages>>;
export type Translate = (key: string, values?: Values) => string;

/** Pseudo languages for looking at the pages: one for length and accents, one for right-to-left. */
export const pseudoLocales = ['en-XA', 'ar-XB'] as const;

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return /^(ar|fa|he|ur|ps|dv)\b/.test(locale) ? 'rtl' : 'ltr';
}

/** The first wanted language that exists; regions are ignored because the catalogues have none. */
export function chooseLocale(wanted: readonly string[], available: readonly string[], otherwise: string): string {
  for (const locale of wanted) {
    if (available.includes(locale) || (pseudoLocales as readonly string[]).includes(locale)) return locale;
    const language = locale.split('-')[0] ?? locale;
    if (available.includes(language)) return language;
  }
  return otherwise;
}

export class Language {
  readonly formats: Formats;
  readonly #messages: Messages;
  readonly #fallback: Messages;
  readonly #pseudo: boolean;
  readonly #parsed = new Map<string, readonly Part[]>();

  constructor(
    readonly locale: string,
    catalogues: Catalogues,
    fallback = 'en',
    timeZone?: string,
    /** The reader's region, which decides about dates and numbers but not about words. */
    region?: string,
  ) {
    this.#pseudo = (pseudoLocales as readonly string[]).includes(locale);
    this.#messages = catalogues[locale] ?? catalogues[fallback] ?? {};
    this.#fallback = catalogues[fallback] ?? {};
    this.formats = new Formats(this.#pseudo ? 'en' : (region ?? locale), timeZone);
  }

  has(key: string): boolean {
    return key in this.#messages || key in this.#fallback;
  }

  text: Translate = (key, values = {}) => {
    let parts = this.#parsed.get(key);
    if (!parts) {
      // A missing text must be visible to whoever looks and must never break the page for whoever works.
      parts = parseMessage(this.#messages[key] ?? this.#fallback[key] ?? key.replace(/[{}]/g, ''));
      this.#parsed.set(key, parts);
    }
    const text = renderMessage(parts, values, this.formats);
    return this.#pseudo ? pseudo(text) : text;
  };
}
