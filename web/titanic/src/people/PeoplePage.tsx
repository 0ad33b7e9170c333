import { announce, Button, Dialog, ErrorState, Input, Select, useI18n, useSearch, useTitle } from '@slipway/ui';
import { useLoad } from '@slipway/ui/load';
import { type FormEvent, useEffect, useState } from 'react';
import { client } from '../wire/connection.ts';
import { type Filters, nothingNarrowed, readFilters, sorts } from './filters.ts';
import { type Change, FilterPanel } from './FilterPanel.tsx';
import { PeopleList } from './PeopleList.tsx';

export function PeoplePage() {
  const { t } = useI18n();
  const [search, setSearch] = useSearch();
  const filters = readFilters(search);
  const cursor = search.get('cursor');
  const { data, error, loading, reload } = useLoad((signal) => client.people(filters, cursor, signal), JSON.stringify([filters, cursor]));
  const [choosing, setChoosing] = useState(false);
  // Whatever is narrowed or sorted begins again at the top.
  const change: Change = (changes) => setSearch({ cursor: null, ...changes });
  const count = data ? (data.total ?? data.items.length) : null;
  useTitle(t('titanic.title', { page: t('titanic.people') }));

  useEffect(() => {
    if (count !== null && !loading) announce(t('titanic.people.count', { count }));
  }, [count, loading, t]);

  const go = (to: string | null) => {
    setSearch({ cursor: to });
    window.scrollTo({ top: 0 });
  };
  return (
    <>
      <div className="people-head">
        <div>
          <h1>{t('titanic.people.title')}</h1>
          <p className="lead">{t('titanic.people.lead')}</p>
        </div>
        <SearchBox filters={filters} onSearch={(q) => change({ q })} />
      </div>
      <div className="people">
        <div className="people-side">
          <FilterPanel filters={filters} onChange={change} />
        </div>
        <div>
          <div className="people-tools">
            <p className="lead">{count === null ? t('ui.loading') : t('titanic.people.count', { count })}</p>
            <div className="people-tools-right">
              <div className="only-narrow">
                <Button icon="filter" onClick={() => setChoosing(true)}>
                  {t('titanic.filter.title')}
                </Button>
              </div>
              {!filters.q && (
                <Select
                  label={t('titanic.sort')}
                  hideLabel
                  value={filters.sort || sorts[0]}
                  onChange={(sort) => change({ sort: sort === sorts[0] ? null : sort })}
                  options={sorts.map((value) => ({ value, label: t(`titanic.sort.${value}`) }))}
                />
              )}
            </div>
          </div>
          {error && !data ? (
            <ErrorState error={error} onRetry={reload} />
          ) : (
            <PeopleList
              data={data}
              loading={loading}
              filters={filters}
              onClear={() => change({ ...nothingNarrowed, q: null })}
              onCursor={go}
            />
          )}
        </div>
      </div>
      <Dialog
        open={choosing}
        onClose={() => setChoosing(false)}
        title={t('titanic.filter.title')}
        size="side"
        footer={
          <Button look="primary" onClick={() => setChoosing(false)}>
            {t('titanic.filter.show', { count: count ?? 0 })}
          </Button>
        }
      >
        <FilterPanel filters={filters} onChange={change} />
      </Dialog>
    </>
  );
}

function SearchBox({ filters, onSearch }: { readonly filters: Filters; readonly onSearch: (q: string | null) => void }) {
  const { t } = useI18n();
  const [typed, setTyped] = useState(filters.q);
  useEffect(() => setTyped(filters.q), [filters.q]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(typed.trim() || null);
  };
  return (
    <form className="search" role="search" onSubmit={submit}>
      <Input
        label={t('titanic.search.label')}
        hideLabel
        type="search"
        value={typed}
        onChange={setTyped}
        maxLength={100}
        autoComplete="off"
        enterKeyHint="search"
        placeholder={t('titanic.search.placeholder')}
      />
      <Button type="submit" look="primary" icon="search">
        {t('titanic.search.submit')}
      </Button>
    </form>
  );
}
