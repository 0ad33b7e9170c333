import { Button, Checkbox, Input, Select, useI18n } from '@slipway/ui';
import { type FormEvent, useEffect, useState } from 'react';
import { ageOrNothing, classes, type Filters, isNarrowed, nothingNarrowed, ports, sexes, toggled } from './filters.ts';

export type Change = (changes: Readonly<Record<string, string | null>>) => void;

export interface FilterPanelProps {
  readonly filters: Filters;
  readonly onChange: Change;
}

export function FilterPanel({ filters, onChange }: FilterPanelProps) {
  const { t } = useI18n();
  return (
    <div className="narrowing">
      <Choices name="class" all={classes} chosen={filters.classes} onChange={onChange} />
      <Choices name="sex" all={sexes} chosen={filters.sexes} onChange={onChange} />
      <Select
        label={t('titanic.survived')}
        value={filters.survived}
        onChange={(survived) => onChange({ survived: survived || null })}
        options={['', 'true', 'false'].map((value) => ({ value, label: t(`titanic.survived.${value || 'both'}`) }))}
      />
      <Ages filters={filters} onChange={onChange} />
      <Choices name="embarked" all={ports} chosen={filters.ports} onChange={onChange} />
      {isNarrowed(filters) && (
        <Button look="quiet" icon="close" onClick={() => onChange(nothingNarrowed)}>
          {t('titanic.filter.clear')}
        </Button>
      )}
    </div>
  );
}

interface ChoicesProps {
  readonly name: 'class' | 'sex' | 'embarked';
  readonly all: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: Change;
}

function Choices({ name, all, chosen, onChange }: ChoicesProps) {
  const { t } = useI18n();
  return (
    <fieldset>
      <legend>{t(`titanic.${name}`)}</legend>
      {all.map((value) => (
        <Checkbox
          key={value}
          label={t(`titanic.${name}.${value}`)}
          checked={chosen.includes(value)}
          onChange={() => onChange({ [name]: toggled(chosen, value, all) })}
        />
      ))}
    </fieldset>
  );
}

function Ages({ filters, onChange }: FilterPanelProps) {
  const { t } = useI18n();
  const [from, setFrom] = useState(filters.minAge);
  const [to, setTo] = useState(filters.maxAge);
  useEffect(() => setFrom(filters.minAge), [filters.minAge]);
  useEffect(() => setTo(filters.maxAge), [filters.maxAge]);
  const crossed = from !== '' && to !== '' && Number(ageOrNothing(from)) > Number(ageOrNothing(to));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!crossed) onChange({ minAge: ageOrNothing(from) || null, maxAge: ageOrNothing(to) || null });
  };
  return (
    <form onSubmit={submit}>
      <fieldset>
        <legend>{t('titanic.age')}</legend>
        <div className="ages">
          <Input label={t('titanic.age.from')} value={from} onChange={setFrom} inputMode="decimal" autoComplete="off" maxLength={6} />
          <Input
            label={t('titanic.age.to')}
            value={to}
            onChange={setTo}
            inputMode="decimal"
            autoComplete="off"
            maxLength={6}
            error={crossed ? t('titanic.age.crossed') : null}
          />
          <Button type="submit">{t('titanic.age.apply')}</Button>
        </div>
      </fieldset>
    </form>
  );
}
