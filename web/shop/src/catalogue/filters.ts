/** What is being looked for. The address holds it, so that a search can be kept, sent and walked back to. */
export interface Filters {
  readonly q: string;
  readonly category: string;
  readonly vendor: string;
  readonly minPrice: string;
  readonly maxPrice: string;
  readonly inStock: boolean;
  /** Pairs such as `color:black,size:M`. */
  readonly attributes: string;
  readonly sort: string;
  readonly page: number;
}

export const pageSize = 24;
export const sorts = ['relevance', 'price', '-price', 'name', '-createdAt'] as const;

const pagesMax = 400;

export function readFilters(search: URLSearchParams): Filters {
  const page = Number(search.get('page') ?? '1');
  return {
    q: (search.get('q') ?? '').trim().slice(0, 100),
    category: search.get('category') ?? '',
    vendor: search.get('vendor') ?? '',
    minPrice: amountOrNothing(search.get('minPrice')),
    maxPrice: amountOrNothing(search.get('maxPrice')),
    inStock: search.get('inStock') === 'true',
    attributes: search.get('attributes') ?? '',
    sort: sorts.find((one) => one === search.get('sort')) ?? '',
    page: Number.isInteger(page) && page >= 1 && page <= pagesMax ? page : 1,
  };
}

/** As the search asks for it; what is not set is not sent. */
export function toQuery(filters: Filters): Readonly<Record<string, string | number | boolean | undefined>> {
  return {
    q: filters.q || undefined,
    category: filters.category || undefined,
    vendor: filters.vendor || undefined,
    minPrice: filters.minPrice || undefined,
    maxPrice: filters.maxPrice || undefined,
    inStock: filters.inStock || undefined,
    attributes: filters.attributes || undefined,
    sort: filters.sort && filters.sort !== 'relevance' ? filters.sort : undefined,
    page: filters.page > 1 ? filters.page : undefined,
    pageSize,
  };
}

export function isNarrowed(filters: Filters): boolean {
  return Boolean(filters.category || filters.vendor || filters.minPrice || filters.maxPrice || filters.inStock || filters.attributes);
}

/** People write 12,50 as well as 12.50; what is no amount filters nothing. */
export function amountOrNothing(given: string | null): string {
  const text = (given ?? '').trim().replace(',', '.');
  return /^\d{1,7}(\.\d{1,2})?$/.test(text) ? text : '';
}

/** The words as they were understood: `harbuor mug` → `harbour mug`. */
export function corrected(q: string, corrections: readonly { readonly from: string; readonly to: string }[]): string | null {
  const known = new Map(corrections.filter(({ to }) => to).map(({ from, to }) => [from.toLocaleLowerCase(), to]));
  if (known.size === 0) return null;
  return q
    .split(/\s+/)
    .map((word) => known.get(word.toLocaleLowerCase()) ?? word)
    .join(' ');
}

/** Several values of one facet mean any of them. */
export function toggled(chosen: string, value: string): string | null {
  const all = chosen.split(',').filter(Boolean);
  const next = all.includes(value) ? all.filter((one) => one !== value) : [...all, value];
  return next.join(',') || null;
}
