import { ErrorState, Icon, Link, ProblemError, Skeleton, useI18n, useTitle } from '@slipway/ui';
import { useLoad } from '@slipway/ui/load';
import { NotFound } from '../shell/NotFound.tsx';
import { client } from '../wire/connection.ts';
import type { Person } from '../wire/types.ts';
import { Fate } from './Fate.tsx';
import { LikeThem } from './LikeThem.tsx';

export function PersonPage({ id }: { readonly id: string }) {
  const { t } = useI18n();
  const { data, error, reload } = useLoad((signal) => client.person(id, signal), id);
  useTitle(t('titanic.title', { page: data?.name ?? t('titanic.people') }));
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  return (
    <>
      <p className="crumbs">
        <Link to="/">
          <Icon name="left" size={16} />
          {t('titanic.person.back')}
        </Link>
      </p>
      {error && !data ? <ErrorState error={error} onRetry={reload} /> : data ? <Known person={data} /> : <Skeleton lines={6} />}
    </>
  );
}

function Known({ person }: { readonly person: Person }) {
  const { t, formats } = useI18n();
  const unknown = t('titanic.person.unknown');
  const facts: readonly (readonly [string, string])[] = [
    [t('titanic.class'), t(`titanic.class.${person.passengerClass}`)],
    [t('titanic.sex'), t(`titanic.sex.${person.sex}`)],
    [t('titanic.age'), person.age === null ? unknown : t('titanic.age.years', { age: formats.number(person.age) })],
    [t('titanic.person.siblings'), formats.number(person.siblings)],
    [t('titanic.person.parents'), formats.number(person.parents)],
    [t('titanic.person.ticket'), person.ticket ?? unknown],
    [t('titanic.fare'), formats.money(Math.round(person.fare * 100), 'GBP')],
    [t('titanic.person.cabin'), person.cabin ?? unknown],
    [t('titanic.embarked'), person.embarked ? t(`titanic.embarked.${person.embarked}`) : unknown],
    [t('titanic.person.number'), formats.number(person.passengerId)],
  ];
  return (
    <>
      <header className="person-head">
        <h1>{person.name}</h1>
        <Fate survived={person.survived} />
      </header>
      <div className="person">
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <LikeThem person={person} />
      </div>
    </>
  );
}
