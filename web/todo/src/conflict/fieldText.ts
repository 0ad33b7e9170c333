import type { I18n } from '@slipway/ui';
import type { Due, Reminder } from '../contract/types.ts';
import { describeRecurrence } from '../editor/recurrence.ts';
import type { FieldName } from '../store/merge.ts';

/** One field's value in words, for putting yours and theirs side by side. */
export function fieldText(field: FieldName, value: unknown, { t, formats }: Pick<I18n, 't' | 'formats'>): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return t('todo.conflict.nothing');
  if (field === 'due') {
    const due = value as Due;
    const day = formats.day(due.date, 'full');
    return due.time ? t('todo.due.at', { day, time: formats.clock(due.time) }) : day;
  }
  if (field === 'priority') return t(`todo.priority.${String(value)}`);
  if (field === 'tags') return (value as readonly string[]).map((tag) => `#${tag}`).join(' ');
  if (field === 'recurrence') return describeRecurrence(String(value), { t, formats });
  if (field === 'reminders')
    return formats.list((value as readonly Reminder[]).map((reminder) => t('todo.reminders.minutes', { count: reminder.minutesBefore })));
  return String(value);
}
