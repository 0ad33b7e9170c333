import { Button, Checkbox, Input, useI18n } from '@slipway/ui';
import { type FormEvent, useEffect, useState } from 'react';
import type { Facet } from '../wire/types.ts';
import { amountOrNothing, type Filters } from './filters.ts';

export interface FilterPanelProps {
  readonly filters: Filters;
  readonly facets: readonly Facet[];
  readonly onChange: (changes: Readonly<Record<string, string | null>>) => void;
}

export function FilterPanel({ filters, facets, onChange }: FilterPanelProps) {
  const { t } = useI18n();
  const categories = facets.find((facet) => facet.field === 'category')?.values ?? [];
  return (
    <div className="filters">
      {categories.length > 0 && (
        <fieldset className="facet">
          <legend>{t('shop.filter.category')}</legend>
          <ul>
            {categories.map(({ value, label, count }) => (
              <li key={value}>
                <label className="facet-value">
                  <input
                    type="checkbox"
                    checked={filters.category.split(',').includes(value)}
                    onChange={() => onChange({ category: toggled(filters.category, value) })}
                  />
                  <span>{label}</span>
                  <span className="facet-count">{count}</span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
      <PriceRange filters={filters} onChange={onChange} />
      <fieldset className="facet">
        <legend>{t('shop.filter.availability')}</legend>
        <Checkbox
          label={t('shop.filter.inStock')}
          checked={filters.inStock}
          onChange={(checked) => onChange({ inStock: checked ? 'true' : null })}
        />
      </fieldset>
    </div>
  );
}

function PriceRange({ filters, onChange }: Pick<FilterPanelProps, 'filters' | 'onChange'>) {
  const { t } = useI18n();
  const [from, setFrom] = useState(filters.minPrice);
  const [to, setTo] = useState(filters.maxPrice);
  useEffect(() => setFrom(filters.minPrice), [filters.minPrice]);
  useEffect(() => setTo(filters.maxPrice), [filters.maxPrice]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange({ minPrice: amountOrNothing(from) || null, maxPrice: amountOrNothing(to) || null });
  };
  return (
    <form onSubmit={submit}>
      <fieldset className="facet">
        <legend>{t('shop.filter.price')}</legend>
        <div className="price-range">
          <Input label={t('shop.filter.from')} value={from} onChange={setFrom} inputMode="decimal" autoComplete="off" maxLength={10} />
          <Input label={t('shop.filter.to')} value={to} onChange={setTo} inputMode="decimal" autoComplete="off" maxLength={10} />
          <Button type="submit">{t('shop.filter.apply')}</Button>
        </div>
      </fieldset>
    </form>
  );
}

/** Several values of one facet mean any of them. */
function toggled(chosen: string, value: string): string | null {
  const all = chosen.split(',').filter(Boolean);
  const next = all.includes(value) ? all.filter((one) => one !== value) : [...all, value];
  return next.join(',') || null;
}
