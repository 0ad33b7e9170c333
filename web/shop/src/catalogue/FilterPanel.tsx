import { Button, Checkbox, Input, useI18n } from '@slipway/ui';
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react';
import type { Facet, FacetValue } from '../wire/types.ts';
import { amountOrNothing, type Filters, toggled } from './filters.ts';
import { useCategories } from './useCategories.ts';

export interface FilterPanelProps {
  readonly filters: Filters;
  readonly facets: readonly Facet[];
  readonly onChange: (changes: Readonly<Record<string, string | null>>) => void;
}

/** More than this many attributes, or values of one, are a list to read and no longer a choice. */
const attributesMax = 4;
const valuesMax = 8;

export function FilterPanel({ filters, facets, onChange }: FilterPanelProps) {
  const { t } = useI18n();
  const vendors = facets.find((facet) => facet.field === 'vendor')?.values ?? [];
  const attributes = facets.filter((facet) => facet.field === 'attributes' && facet.values.length > 1).slice(0, attributesMax);
  return (
    <div className="filters">
      <CategoryChoice filters={filters} facets={facets} onChange={onChange} />
      <PriceRange filters={filters} onChange={onChange} />
      <fieldset className="facet">
        <legend>{t('shop.filter.availability')}</legend>
        <Checkbox
          label={t('shop.filter.inStock')}
          checked={filters.inStock}
          onChange={(checked) => onChange({ inStock: checked ? 'true' : null })}
        />
      </fieldset>
      {attributes.map(({ attribute, values }) => (
        <ValueList
          key={attribute}
          title={attribute}
          values={values}
          onToggle={(value) => onChange({ attributes: toggled(filters.attributes, `${attribute}:${value}`) })}
        />
      ))}
      {vendors.length > 1 && (
        <ValueList
          title={t('shop.filter.vendor')}
          values={vendors}
          onToggle={(value) => onChange({ vendor: toggled(filters.vendor, value) })}
        />
      )}
    </div>
  );
}

/** The way down the tree: what is on top, and what lies below the one that was chosen. */
function CategoryChoice({ filters, facets, onChange }: FilterPanelProps) {
  const { t } = useI18n();
  const { nameOf, pathOf } = useCategories();
  const group = useId();
  const values = facets.find((facet) => facet.field === 'category')?.values ?? [];
  const chosen = filters.category ? pathOf(filters.category) : [];
  const shown = values.filter(({ value }) => {
    const path = pathOf(value);
    return path.length === 1 || chosen.includes(path.at(-2) ?? '');
  });
  if (shown.length === 0) return null;
  const choice = (value: string, label: ReactNode, depth: number) => (
    <li key={value} data-depth={depth}>
      <label className="facet-value">
        <input type="radio" name={group} checked={filters.category === value} onChange={() => onChange({ category: value || null })} />
        {label}
      </label>
    </li>
  );
  return (
    <fieldset className="facet">
      <legend>{t('shop.filter.category')}</legend>
      <ul>
        {choice('', <span>{t('shop.filter.everything')}</span>, 0)}
        {shown.map(({ value, count }) =>
          choice(
            value,
            <>
              <span>{nameOf(value)}</span>
              <span className="facet-count">{count}</span>
            </>,
            pathOf(value).length - 1,
          ),
        )}
      </ul>
    </fieldset>
  );
}

interface ValueListProps {
  readonly title: ReactNode;
  readonly values: readonly FacetValue[];
  readonly onToggle: (value: string) => void;
}

function ValueList({ title, values, onToggle }: ValueListProps) {
  return (
    <fieldset className="facet">
      <legend>{title}</legend>
      <ul>
        {values.slice(0, valuesMax).map(({ value, label, count, selected }) => (
          <li key={value}>
            <label className="facet-value">
              <input type="checkbox" checked={selected} onChange={() => onToggle(value)} />
              <span>{label}</span>
              <span className="facet-count">{count}</span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
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
