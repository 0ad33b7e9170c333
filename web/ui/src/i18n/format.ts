import type { Part, Values } from './message.ts';

const dateStyles: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  short: { day: 'numeric', month: 'short' },
  medium: { day: 'numeric', month: 'short', year: 'numeric' },
  long: { weekday: 'long', day: 'numeric', month: 'long' },
  full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  weekday: { weekday: 'long' },
  weekdayShort: { weekday: 'short' },
  month: { month: 'long', year: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit' },
  dateTime: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
};

/** Intl formatters are dear to make and cheap to use, so one set is kept per language. */
export class Formats {
  readonly #numbers = new Map<string, Intl.NumberFormat>();
  readonly #dates = new Map<string, Intl.DateTimeFormat>();
  readonly #plurals: Intl.PluralRules;
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #collator: Intl.Collator;

  constructor(
    readonly locale: string,
    readonly timeZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone,
  ) {
    this.#plurals = new Intl.PluralRules(locale);
    this.#relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    this.#collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  }

  number(value: number, style: 'decimal' | 'percent' | 'integer' = 'decimal'): string {
    let format = this.#numbers.get(style);
    if (!format) {
      const options: Intl.NumberFormatOptions =
        style === 'percent' ? { style: 'percent', maximumFractionDigits: 1 } : { maximumFractionDigits: style === 'integer' ? 0 : 2 };
      format = new Intl.NumberFormat(this.locale, options);
      this.#numbers.set(style, format);
    }
    return format.format(value);
  }

  money(amount: number, currency: string): string {
    const format = new Intl.NumberFormat(this.locale, { style: 'currency', currency });
    return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  }

  /** An instant, shown in the reader's time zone. */
  instant(value: Date | string | number, style = 'dateTime'): string {
    return this.#date(style, this.timeZone).format(new Date(value));
  }

  /** A calendar date (`2026-01-05`) is the same day everywhere, so no time zone may move it. */
  day(value: string, style = 'medium'): string {
    return this.#date(style, 'UTC').format(new Date(`${value}T00:00:00Z`));
  }

  /** A local time (`18:00`) as this language writes it. */
  clock(value: string): string {
    return this.#date('time', 'UTC').format(new Date(`1970-01-01T${value.slice(0, 5)}:00Z`));
  }

  plural(value: number): Intl.LDMLPluralRule {
    return this.#plurals.select(value);
  }

  relative(value: number, unit: Intl.RelativeTimeFormatUnit): string {
    return this.#relative.format(value, unit);
  }

  /** “3 minutes ago”: the largest unit that still says something. */
  ago(value: Date | string | number, now: number): string {
    const seconds = Math.round((new Date(value).getTime() - now) / 1000);
    const size = Math.abs(seconds);
    if (size < 45) return this.relative(0, 'second');
    if (size < 3600) return this.relative(Math.round(seconds / 60), 'minute');
    if (size < 86_400) return this.relative(Math.round(seconds / 3600), 'hour');
    if (size < 30 * 86_400) return this.relative(Math.round(seconds / 86_400), 'day');
    return this.instant(value, 'medium');
  }

  list(values: readonly string[], type: 'conjunction' | 'disjunction' = 'conjunction'): string {
    return new Intl.ListFormat(this.locale, { type }).format(values);
  }

  compare(left: string, right: string): number {
    return this.#collator.compare(left, right);
  }

  #date(style: string, timeZone: string): Intl.DateTimeFormat {
    const key = `${style}@${timeZone}`;
    let format = this.#dates.get(key);
    if (!format) {
      format = new Intl.DateTimeFormat(this.locale, { ...dateStyles[style], timeZone });
      this.#dates.set(key, format);
    }
    return format;
  }
}

export function renderMessage(parts: readonly Part[], values: Values, formats: Formats, count?: number): string {
  let result = '';
  for (const part of parts) {
    if (part.kind === 'text') result += part.text;
    else if (part.kind === 'count') result += formats.number(count ?? 0);
    else if (part.kind === 'value') result += renderValue(values[part.name], part.format, part.style, formats);
    else if (part.kind === 'select') {
      const branch = part.branches.get(String(values[part.name])) ?? part.branches.get('other') ?? [];
      result += renderMessage(branch, values, formats, count);
    } else {
      const number = Number(values[part.name] ?? 0);
      const branch = part.branches.get(`=${number}`) ?? part.branches.get(formats.plural(number)) ?? part.branches.get('other') ?? [];
      result += renderMessage(branch, values, formats, number);
    }
  }
  return result;
}

function renderValue(value: Values[string], format: string | undefined, style: string | undefined, formats: Formats): string {
  if (value === null || value === undefined) return '';
  if (format === 'number') return formats.number(Number(value), style === 'percent' ? 'percent' : 'decimal');
  if (format === 'day') return formats.day(String(value), style);
  if (format === 'date' || format === 'time') return formats.instant(value, style ?? (format === 'time' ? 'time' : 'medium'));
  if (typeof value === 'number') return formats.number(value);
  if (value instanceof Date) return formats.instant(value);
  return value;
}
