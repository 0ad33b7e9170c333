/** Whom to show. The address holds it, so that a view can be kept, sent and walked back to. */
export interface Filters {
  readonly q: string;
  readonly classes: readonly string[];
  readonly sexes: readonly string[];
  readonly ports: readonly string[];
  /** `true`, `false` or nothing for both. */
  readonly survived: string;
  readonly minAge: string;
  readonly maxAge: string;
  readonly sort: string;
}

export const classes = ['1', '2', '3'] as const;
export const sexes = ['female', 'male', 'other'] as const;
export const ports = ['C', 'Q', 'S'] as const;
export const sorts = ['passengerId', 'name', '-age', 'age', '-fare', 'class'] as const;

const ageMax = 120;

export function readFilters(search: URLSearchParams): Filters {
  const survived = search.get('survived');
  return {
    q: (search.get('q') ?? '').trim().slice(0, 100),
    classes: chosenOf(search.get('class'), classes),
    sexes: chosenOf(search.get('sex'), sexes),
    ports: chosenOf(search.get('embarked'), ports),
    survived: survived === 'true' || survived === 'false' ? survived : '',
    minAge: ageOrNothing(search.get('minAge')),
    maxAge: ageOrNothing(search.get('maxAge')),
    sort: sorts.find((one) => one === search.get('sort')) ?? '',
  };
}

export function isNarrowed({ classes: chosen, sexes: who, ports: from, survived, minAge, maxAge }: Filters): boolean {
  return chosen.length + who.length + from.length > 0 || Boolean(survived || minAge || maxAge);
}

/** What removes every filter from the address. */
export const nothingNarrowed = { class: null, sex: null, embarked: null, survived: null, minAge: null, maxAge: null } as const;

/** All values together leave nobody out, so they are the same as none. */
export function toggled(chosen: readonly string[], value: string, all: readonly string[]): string | null {
  const next = all.filter((one) => (one === value) !== chosen.includes(one));
  return next.length === all.length ? null : next.join(',') || null;
}

/** Half years count: babies have ages too. What is no age filters nothing. */
export function ageOrNothing(given: string | null): string {
  const text = (given ?? '').trim().replace(',', '.');
  return /^\d{1,3}(\.\d{1,2})?$/.test(text) && Number(text) <= ageMax ? text : '';
}

function chosenOf(given: string | null, all: readonly string[]): readonly string[] {
  const named = (given ?? '').split(',');
  return all.filter((one) => named.includes(one));
}
