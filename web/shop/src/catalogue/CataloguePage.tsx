import { announce, Button, Dialog, EmptyState, ErrorState, Select, useI18n, useSearch, useTitle } from '@slipway/ui';
import { useEffect, useState } from 'react';
import { useShop } from '../session/SessionContext.tsx';
import { useLoad } from '@slipway/ui/load';
import type { SearchResult } from '../wire/types.ts';
import { CardSkeletons } from './CardSkeletons.tsx';
import { FilterPanel } from './FilterPanel.tsx';
import { corrected, type Filters, isNarrowed, readFilters, sorts, toQuery } from './filters.ts';
import { Pager } from './Pager.tsx';
import { ProductCard } from './ProductCard.tsx';

type Change = (changes: Readonly<Record<string, string | null>>) => void;

export function CataloguePage() {
  const { t } = useI18n();
  const { client } = useShop();
  const [search, setSearch] = useSearch();
  const filters = readFilters(search);
  const query = toQuery(filters);
  const { data, error, loading, reload } = useLoad((signal) => client.search(query, signal), JSON.stringify(query));
  const [choosing, setChoosing] = useState(false);
  const understood = data ? corrected(filters.q, data.corrections) : null;
  // Whatever is narrowed begins again with the first page.
  const change: Change = (changes) => setSearch({ page: null, ...changes });
  const heading = filters.q ? t('shop.catalogue.resultsFor', { q: filters.q }) : t('shop.catalogue.title');
  useTitle(filters.q ? t('shop.title', { page: heading }) : t('shop.brand'));

  const found = data?.total;
  useEffect(() => {
    if (found !== undefined && !loading) announce(t('shop.catalogue.count', { count: found }));
  }, [found, loading, t]);

  return (
    <>
      {!filters.q && !isNarrowed(filters) && filters.page === 1 && <Welcome />}
      <section className="catalogue" aria-label={heading}>
        <div className="catalogue-side">
          <FilterPanel filters={filters} facets={data?.facets ?? []} onChange={change} />
        </div>
        <div className="catalogue-main">
          <div className="catalogue-head">
            <div>
              {filters.q ? <h1>{heading}</h1> : <h2>{heading}</h2>}
              {data && <p className="lead">{t('shop.catalogue.count', { count: data.total })}</p>}
            </div>
            <div className="catalogue-tools">
              <div className="only-narrow">
                <Button icon="filter" onClick={() => setChoosing(true)}>
                  {t('shop.filter.title')}
                </Button>
              </div>
              <Select
                label={t('shop.sort.label')}
                hideLabel
                value={filters.sort || 'relevance'}
                onChange={(sort) => change({ sort: sort === 'relevance' ? null : sort })}
                options={sorts.map((value) => ({ value, label: t(`shop.sort.${value}`) }))}
              />
            </div>
          </div>
          {understood && (
            <p className="corrected" role="status">
              {t('shop.catalogue.showingFor', { corrected: understood })} <span>{t('shop.catalogue.nothingFor', { q: filters.q })}</span>
            </p>
          )}
          {error && !data ? (
            <ErrorState error={error} onRetry={reload} />
          ) : (
            <Results data={data} loading={loading} filters={filters} onChange={change} onPage={(page) => setSearch({ page })} />
          )}
        </div>
      </section>
      <Dialog
        open={choosing}
        onClose={() => setChoosing(false)}
        title={t('shop.filter.title')}
        size="side"
        footer={
          <Button look="primary" onClick={() => setChoosing(false)}>
            {t('shop.filter.show', { count: data?.total ?? 0 })}
          </Button>
        }
      >
        <FilterPanel filters={filters} facets={data?.facets ?? []} onChange={change} />
      </Dialog>
    </>
  );
}

interface ResultsProps {
  readonly data: SearchResult | null;
  readonly loading: boolean;
  readonly filters: Filters;
  readonly onChange: Change;
  readonly onPage: (page: string | null) => void;
}

function Results({ data, loading, filters, onChange, onPage }: ResultsProps) {
  const { t } = useI18n();
  if (!data) return <CardSkeletons />;
  if (data.items.length === 0) {
    const clear = () => onChange({ category: null, vendor: null, minPrice: null, maxPrice: null, inStock: null, attributes: null });
    const narrowed = isNarrowed(filters);
    return (
      <EmptyState
        icon="search"
        title={t(filters.q || narrowed ? 'shop.catalogue.none.title' : 'shop.catalogue.empty.title')}
        action={narrowed ? <Button onClick={clear}>{t('shop.filter.clear')}</Button> : undefined}
      >
        {t(narrowed ? 'shop.catalogue.none.narrowed' : filters.q ? 'shop.catalogue.none.text' : 'shop.catalogue.empty.text')}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="cards" aria-busy={loading || undefined}>
        {data.items.map((product) => (
          <ProductCard key={product.id} product={product} />
        ))}
      </ul>
      <Pager page={data.page} pages={Math.ceil(data.total / data.pageSize)} onPage={(page) => onPage(page > 1 ? String(page) : null)} />
    </>
  );
}

function Welcome() {
  const { t } = useI18n();
  return (
    <div className="welcome">
      <div className="welcome-text">
        <h1>{t('shop.welcome.title')}</h1>
        <p>{t('shop.welcome.text')}</p>
      </div>
      <svg className="welcome-scene" viewBox="0 0 320 160" aria-hidden="true" focusable="false" preserveAspectRatio="xMaxYMax slice">
        <circle cx="228" cy="70" r="42" className="scene-sun" />
        <path d="M178 118V44l50 62h-50M150 118h92l-12 22h-66zM178 58l-26 48h26" className="scene-boat" />
        <path d="M0 132q40-14 80 0t80 0 80 0 80 0v28H0z" className="scene-sea" />
        <path d="M0 144q40-10 80 0t80 0 80 0 80 0v16H0z" className="scene-deep" />
      </svg>
    </div>
  );
}
