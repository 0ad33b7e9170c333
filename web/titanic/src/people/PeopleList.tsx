import { Button, type Column, EmptyState, Link, Skeleton, Table, useI18n } from '@slipway/ui';
import { Fate } from '../person/Fate.tsx';
import type { PeoplePage, Person } from '../wire/types.ts';
import { type Filters, isNarrowed } from './filters.ts';

export interface PeopleListProps {
  readonly data: PeoplePage | null;
  readonly loading: boolean;
  readonly filters: Filters;
  readonly onClear: () => void;
  readonly onCursor: (cursor: string | null) => void;
}

/** A table where there is room for one, cards where there is not: the same people in the same order. */
export function PeopleList({ data, loading, filters, onClear, onCursor }: PeopleListProps) {
  const { t } = useI18n();
  if (!data) return <Skeleton lines={8} />;
  if (data.items.length === 0) {
    const asked = filters.q !== '' || isNarrowed(filters);
    return (
      <EmptyState
        icon="search"
        title={t(asked ? 'titanic.none.title' : 'titanic.empty.title')}
        action={asked ? <Button onClick={onClear}>{t('titanic.filter.clear')}</Button> : undefined}
      >
        {t(asked ? 'titanic.none.text' : 'titanic.empty.text')}
      </EmptyState>
    );
  }
  return (
    <div className={loading ? 'fading' : undefined} aria-busy={loading || undefined}>
      <div className="people-table">
        <PeopleTable people={data.items} />
      </div>
      <ul className="people-cards">
        {data.items.map((person) => (
          <PersonCard key={person.uuid} person={person} />
        ))}
      </ul>
      {(data.next || data.previous) && (
        <nav className="pager" aria-label={t('titanic.pager')}>
          <Button icon="left" disabled={!data.previous} onClick={() => onCursor(data.previous)}>
            {t('titanic.pager.previous')}
          </Button>
          <Button disabled={!data.next} onClick={() => onCursor(data.next)}>
            {t('titanic.pager.next')}
          </Button>
        </nav>
      )}
    </div>
  );
}

function PeopleTable({ people }: { readonly people: readonly Person[] }) {
  const { t, formats } = useI18n();
  const columns: readonly Column<Person>[] = [
    { id: 'name', header: t('titanic.name'), cell: (person) => <Link to={`/passengers/${person.uuid}`}>{person.name}</Link> },
    { id: 'class', header: t('titanic.class'), numeric: true, cell: ({ passengerClass }) => passengerClass },
    { id: 'sex', header: t('titanic.sex'), cell: ({ sex }) => t(`titanic.sex.${sex}`) },
    { id: 'age', header: t('titanic.age'), numeric: true, cell: ({ age }) => (age === null ? '–' : formats.number(age)) },
    { id: 'fare', header: t('titanic.fare'), numeric: true, cell: ({ fare }) => formats.money(Math.round(fare * 100), 'GBP') },
    { id: 'survived', header: t('titanic.survived'), cell: ({ survived }) => <Fate survived={survived} /> },
  ];
  return <Table caption={t('titanic.people')} hideCaption columns={columns} rows={people} rowKey={({ uuid }) => uuid} />;
}

function PersonCard({ person }: { readonly person: Person }) {
  const { t, formats } = useI18n();
  return (
    <li className="person-card">
      <Link to={`/passengers/${person.uuid}`}>{person.name}</Link>
      <p>
        <span>{t(`titanic.class.${person.passengerClass}`)}</span>
        <span>{t(`titanic.sex.${person.sex}`)}</span>
        {person.age !== null && <span>{t('titanic.age.years', { age: formats.number(person.age) })}</span>}
        <Fate survived={person.survived} />
      </p>
    </li>
  );
}
