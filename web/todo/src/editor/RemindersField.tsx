import { Icon, Select, useI18n } from '@slipway/ui';
import type { Reminder } from '../contract/types.ts';
import { limits } from './draft.ts';

interface RemindersFieldProps {
  readonly id: string;
  readonly value: readonly Reminder[];
  readonly error: string | null;
  readonly onChange: (value: readonly Reminder[]) => void;
}

const choices = [0, 5, 15, 30, 60, 120, 1440, 2880, 10_080] as const;

export function RemindersField({ id, value, error, onChange }: RemindersFieldProps) {
  const { t } = useI18n();
  const free = choices.filter((minutes) => !value.some((reminder) => reminder.minutesBefore === minutes));
  const full = value.length >= limits.reminders;
  return (
    <div className="reminders">
      <Select
        id={id}
        label={t('todo.field.reminders')}
        hint={full ? t('todo.reminders.full', { max: limits.reminders }) : undefined}
        value=""
        error={error}
        disabled={full}
        onChange={(minutes) => onChange([...value, { minutesBefore: Number(minutes) }].sort((a, b) => a.minutesBefore - b.minutesBefore))}
        options={[
          { value: '', label: t('todo.reminders.add') },
          ...free.map((minutes) => ({ value: String(minutes), label: describe(minutes, t) })),
        ]}
      />
      {value.length > 0 && (
        <div className="chips">
          {value.map((reminder) => (
            <button
              key={reminder.minutesBefore}
              type="button"
              className="chip"
              aria-label={t('todo.reminders.remove', { when: describe(reminder.minutesBefore, t) })}
              onClick={() => onChange(value.filter((other) => other !== reminder))}
            >
              {describe(reminder.minutesBefore, t)}
              <Icon name="close" size={14} />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function describe(minutes: number, t: (key: string, values?: Record<string, number>) => string): string {
  if (minutes === 0) return t('todo.reminders.atTime');
  if (minutes % 1440 === 0) return t('todo.reminders.days', { count: minutes / 1440 });
  if (minutes % 60 === 0) return t('todo.reminders.hours', { count: minutes / 60 });
  return t('todo.reminders.minutes', { count: minutes });
}
