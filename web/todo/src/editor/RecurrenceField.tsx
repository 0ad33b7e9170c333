import { Button, Input, Select, useI18n } from '@slipway/ui';
import { type Recurrence, readRecurrence, weekdayName, weekdays, writeRecurrence } from './recurrence.ts';

interface RecurrenceFieldProps {
  readonly id: string;
  readonly value: string | null;
  readonly dueDate: string;
  readonly error: string | null;
  readonly onChange: (value: string | null) => void;
}

const once: Recurrence = { frequency: 'WEEKLY', interval: 1, weekdays: [], monthDay: null, count: null, until: null };

export function RecurrenceField({ id, value, dueDate, error, onChange }: RecurrenceFieldProps) {
  const { t, formats } = useI18n();
  const rule = readRecurrence(value);
  const set = (part: Partial<Recurrence>) => onChange(writeRecurrence({ ...(rule ?? once), ...part }));
  const frequency = !value ? '' : (rule?.frequency ?? 'custom');
  const options = [
    { value: '', label: t('todo.recurrence.never') },
    { value: 'DAILY', label: t('todo.recurrence.daily') },
    { value: 'WEEKLY', label: t('todo.recurrence.weekly') },
    { value: 'MONTHLY', label: t('todo.recurrence.monthly') },
    { value: 'YEARLY', label: t('todo.recurrence.yearly') },
    ...(frequency === 'custom' ? [{ value: 'custom', label: t('todo.recurrence.custom') }] : []),
  ];
  return (
    <div className="recurrence">
      <div className="pair">
        <Select
          id={id}
          label={t('todo.field.recurrence')}
          value={frequency}
          error={error}
          options={options}
          onChange={(next) => {
            if (next === '') onChange(null);
            else if (next !== 'custom')
              set({
                frequency: next as Recurrence['frequency'],
                weekdays: [],
                monthDay: next === 'MONTHLY' && dueDate ? Number(dueDate.slice(8)) : null,
              });
          }}
        />
        {rule && (
          <Input
            type="number"
            min={1}
            max={99}
            label={t(`todo.recurrence.interval.${rule.frequency.toLowerCase()}`)}
            value={String(rule.interval)}
            onChange={(next) => set({ interval: Math.min(Math.max(Number(next) || 1, 1), 99) })}
          />
        )}
      </div>
      {rule?.frequency === 'WEEKLY' && (
        <fieldset className="weekdays">
          <legend className="sr-only">{t('todo.recurrence.weekdays')}</legend>
          {weekdays.map((day) => {
            const on = rule.weekdays.includes(day);
            return (
              <button
                key={day}
                type="button"
                className="chip"
                aria-pressed={on}
                aria-label={weekdayName(day, formats)}
                onClick={() => set({ weekdays: on ? rule.weekdays.filter((other) => other !== day) : [...rule.weekdays, day] })}
              >
                {weekdayName(day, formats, 'weekdayShort')}
              </button>
            );
          })}
        </fieldset>
      )}
      {rule && (
        <div className="pair">
          <Input
            type="date"
            label={t('todo.recurrence.untilLabel')}
            optional
            value={rule.until ?? ''}
            min={dueDate || undefined}
            onChange={(until) => set({ until: until || null, count: null })}
          />
          <Input
            type="number"
            min={1}
            max={999}
            label={t('todo.recurrence.countLabel')}
            optional
            value={rule.count === null ? '' : String(rule.count)}
            onChange={(count) => set({ count: count ? Math.min(Math.max(Number(count) || 1, 1), 999) : null, until: null })}
          />
        </div>
      )}
      {frequency === 'custom' && (
        <p className="row">
          <code>{value}</code>
          <Button look="quiet" onClick={() => onChange(null)}>
            {t('todo.recurrence.never')}
          </Button>
        </p>
      )}
    </div>
  );
}
