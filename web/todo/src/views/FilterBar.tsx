import { Button, Icon, Select, useI18n, useSearch } from '@slipway/ui';
import { useEffect, useRef, useState } from 'react';
import { naturalSort, type TodoQuery } from '../contract/query.ts';
import type { Facet } from '../contract/types.ts';
import { isFiltered, sorts } from './address.ts';

interface FilterBarProps {
  readonly query: TodoQuery;
  readonly facets: readonly Facet[];
}

const filters = [
  { name: 'tag', facet: 'tags' },
  { name: 'category', facet: 'category' },
  { name: 'priority', facet: 'priority' },
] as const;

export function FilterBar({ query, facets }: FilterBarProps) {
  const { t, has } = useI18n();
  const [, setSearch] = useSearch();
  const [open, setOpen] = useState(() => isFiltered({ ...query, q: undefined }) || query.sort !== undefined);
  const labelOf = (name: string, value: string) =>
    name === 'priority' && has(`todo.priority.${value}`) ? t(`todo.priority.${value}`) : value;
  return (
    <search className="filters">
      <div className="filters-line">
        <SearchBox value={query.q ?? ''} />
        <Button look="quiet" icon="filter" aria-expanded={open} aria-controls="filters" onClick={() => setOpen(!open)}>
          {t('todo.filter.label')}
        </Button>
      </div>
      {open && (
        <div className="filters-fields" id="filters">
          {filters.map(({ name, facet }) => {
            const values = facets.find((candidate) => candidate.field === facet)?.values ?? [];
            const selected = query[name];
            const known = values.map((entry) => ({
              value: entry.value,
              label: `${labelOf(name, entry.value)} (${entry.count})`,
            }));
            const missing =
              selected && !values.some((entry) => entry.value === selected) ? [{ value: selected, label: labelOf(name, selected) }] : [];
            return (
              <Select
                key={name}
                label={t(`todo.filter.${name}`)}
                value={selected ?? ''}
                onChange={(value) => setSearch({ [name]: value || null })}
                options={[{ value: '', label: t('todo.filter.any') }, ...missing, ...known]}
              />
            );
          })}
          {query.view !== 'completed' && query.view !== 'trash' && (
            <Select
              label={t('todo.filter.completed')}
              value={query.completed ? 'true' : ''}
              onChange={(value) => setSearch({ completed: value || null })}
              options={[
                { value: '', label: t('todo.filter.completed.open') },
                { value: 'true', label: t('todo.filter.completed.done') },
              ]}
            />
          )}
          <Select
            label={t('todo.filter.sort')}
            value={query.sort ?? naturalSort(query)}
            onChange={(value) => setSearch({ sort: value === naturalSort(query) ? null : value })}
            options={sorts.map((sort) => ({ value: sort, label: t(`todo.sort.${sort.replace('-', '')}`) }))}
          />
          {(isFiltered(query) || query.sort) && (
            <Button
              look="quiet"
              onClick={() => setSearch({ q: null, tag: null, category: null, priority: null, completed: null, sort: null })}
            >
              {t('todo.filter.clear')}
            </Button>
          )}
        </div>
      )}
    </search>
  );
}

/** The address follows the typing with a short delay, replacing itself, so that “back” leaves the search and not a letter. */
function SearchBox({ value }: { readonly value: string }) {
  const { t } = useI18n();
  const [, setSearch] = useSearch();
  const [text, setText] = useState(value);
  const typed = useRef(value);
  const write = useRef(setSearch);
  write.current = setSearch;
  useEffect(() => {
    if (value !== typed.current) setText(value);
    typed.current = value;
  }, [value]);
  useEffect(() => {
    if (text === typed.current) return;
    const timer = setTimeout(() => {
      typed.current = text;
      write.current({ q: text.trim() || null }, { replace: true });
    }, 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="search-box">
      <Icon name="search" size={18} />
      <input
        id="search"
        type="search"
        className="input"
        aria-label={t('todo.search.label')}
        placeholder={t('todo.search.placeholder')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (text) setText('');
          else event.currentTarget.blur();
          event.preventDefault();
        }}
      />
    </div>
  );
}
