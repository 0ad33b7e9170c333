import type { Formats, Translate } from '@slipway/ui';

/** The part of RFC 5545 that the form can edit; anything else is kept as it is and shown as text. */
export interface Recurrence {
  readonly frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  readonly interval: number;
  readonly weekdays: readonly string[];
  readonly monthDay: number | null;
  readonly count: number | null;
  readonly until: string | null;
}

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
const editable = new Set(['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'COUNT', 'UNTIL']);

export function readRecurrence(text: string | null): Recurrence | null {
  if (!text) return null;
  const parts = new Map(
    text
      .replace(/^RRULE:/i, '')
      .split(';')
      .filter(Boolean)
      .map((part) => [part.split('=')[0]?.toUpperCase() ?? '', part.split('=')[1]?.toUpperCase() ?? ''] as const),
  );
  const frequency = frequencies.find((candidate) => candidate === parts.get('FREQ'));
  const days = parts.get('BYDAY')?.split(',') ?? [];
  const monthDay = parts.has('BYMONTHDAY') ? Number(parts.get('BYMONTHDAY')) : null;
  const simple = [...parts.keys()].every((key) => editable.has(key)) && days.every((day) => (weekdays as readonly string[]).includes(day));
  if (!frequency || !simple || (monthDay !== null && !Number.isInteger(monthDay))) return null;
  const until = parts.get('UNTIL');
  return {
    frequency,
    interval: Number(parts.get('INTERVAL') ?? 1),
    weekdays: days,
    monthDay,
    count: parts.has('COUNT') ? Number(parts.get('COUNT')) : null,
    until: until ? `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}` : null,
  };
}

export function writeRecurrence(rule: Recurrence): string {
  const parts = [`FREQ=${rule.frequency}`];
  if (rule.interval > 1) parts.push(`INTERVAL=${rule.interval}`);
  if (rule.frequency === 'WEEKLY' && rule.weekdays.length > 0)
    parts.push(`BYDAY=${weekdays.filter((day) => rule.weekdays.includes(day)).join(',')}`);
  if (rule.frequency === 'MONTHLY' && rule.monthDay !== null) parts.push(`BYMONTHDAY=${rule.monthDay}`);
  if (rule.count !== null) parts.push(`COUNT=${rule.count}`);
  else if (rule.until) parts.push(`UNTIL=${rule.until.replaceAll('-', '')}`);
  return parts.join(';');
}

/** 2024-01-01 was a Monday; the names of the week come from the language, not from a catalogue. */
export function weekdayName(day: string, formats: Formats, style: 'weekday' | 'weekdayShort' = 'weekday'): string {
  return formats.day(`2024-01-0${(weekdays as readonly string[]).indexOf(day) + 1}`, style);
}

export function describeRecurrence(text: string, { t, formats }: { t: Translate; formats: Formats }): string {
  const rule = readRecurrence(text);
  if (!rule) return t('todo.recurrence.custom');
  const base = t(`todo.recurrence.every.${rule.frequency.toLowerCase()}`, { interval: rule.interval });
  const on =
    rule.frequency === 'WEEKLY' && rule.weekdays.length > 0
      ? t('todo.recurrence.on', {
          days: formats.list(rule.weekdays.map((day) => weekdayName(day, formats, rule.weekdays.length > 1 ? 'weekdayShort' : 'weekday'))),
        })
      : rule.frequency === 'MONTHLY' && rule.monthDay !== null
        ? rule.monthDay === -1
          ? t('todo.recurrence.onLastDay')
          : t('todo.recurrence.onDay', { day: rule.monthDay })
        : '';
  const end =
    rule.count !== null
      ? t('todo.recurrence.times', { count: rule.count })
      : rule.until
        ? t('todo.recurrence.until', { day: rule.until })
        : '';
  return [base, on, end].filter(Boolean).join(', ');
}
