import { type Api, createApi } from '@slipway/ui';
import { list, number, numberOrNull, type Raw, record, text, textOrNull } from '@slipway/ui/read';
import type { Filters } from '../people/filters.ts';
import type { Group, PeoplePage, Person } from './types.ts';

export const pageSize = 50;

const base = '/api/v1/people';

/** The service's answers as this page relies on them. Everything it asks for may be read by everybody. */
export class TitanicClient {
  constructor(private readonly api: Api = createApi()) {}

  people = async (filters: Filters, cursor: string | null, signal?: AbortSignal): Promise<PeoplePage> => {
    const narrowed = { ...narrowing(filters), limit: pageSize };
    // Words are searched for with their typing errors; that list has no further pages, since nobody turns to the second page of a name.
    const answer = filters.q
      ? await this.api(`${base}/search`, { query: { ...narrowed, q: filters.q, fuzzy: true }, signal })
      : await this.api(base, { query: { ...narrowed, sort: filters.sort || undefined, cursor, count: true }, signal });
    return toPage(answer);
  };

  person = async (id: string, signal?: AbortSignal): Promise<Person> =>
    toPerson(record(await this.api(`${base}/${encodeURIComponent(id)}`, { signal })));

  groups = async (by: readonly string[], filters: Filters | null, signal?: AbortSignal): Promise<readonly Group[]> => {
    const answer = await this.api(`${base}/stats`, { query: { groupBy: by, ...(filters ? narrowing(filters) : {}) }, signal });
    const { items, rows } = record(answer);
    return list(items ?? rows).map((row) => toGroup(row, by));
  };
}

function narrowing(filters: Filters): Record<string, string | readonly string[] | undefined> {
  return {
    class: filters.classes,
    sex: filters.sexes,
    embarked: filters.ports,
    survived: filters.survived || undefined,
    minAge: filters.minAge || undefined,
    maxAge: filters.maxAge || undefined,
  };
}

export function toPage(answer: unknown): PeoplePage {
  const { items, page } = record(answer);
  const { next, prev, total } = record(page);
  return {
    items: list(items).map(toPerson),
    next: textOrNull(next),
    previous: textOrNull(prev),
    total: numberOrNull(record(total)['value']),
  };
}

export function toPerson(row: Raw): Person {
  return {
    uuid: text(row['uuid']),
    passengerId: number(row['passengerId']),
    survived: row['survived'] === true,
    passengerClass: number(row['passengerClass']),
    name: text(row['name']),
    sex: text(row['sex']),
    age: numberOrNull(row['age']),
    siblings: number(row['siblingsOrSpousesAboard']),
    parents: number(row['parentsOrChildrenAboard']),
    ticket: textOrNull(row['ticket']),
    fare: number(row['fare']),
    cabin: textOrNull(row['cabin']),
    embarked: textOrNull(row['embarked']),
    updatedAt: text(row['updatedAt']),
    version: number(row['version']),
  };
}

export function toGroup(row: Raw, by: readonly string[]): Group {
  return {
    values: Object.fromEntries(by.map((name) => [name, wordOf(row[name])])),
    count: number(row['count']),
    survived: number(row['survived']),
    averageAge: numberOrNull(row['averageAge']),
    averageFare: numberOrNull(row['averageFare']),
  };
}

const wordOf = (value: unknown): string => (typeof value === 'boolean' ? String(value) : text(value));
