import { ErrorState, Skeleton, useI18n, useTitle } from '@slipway/ui';
import { useLoad } from '@slipway/ui/load';
import { client } from '../wire/connection.ts';
import type { Group } from '../wire/types.ts';
import { ordered, shareOf, sumOf } from './shares.ts';
import { SurvivalChart } from './SurvivalChart.tsx';

const dimensions = ['class', 'sex', 'ageGroup', 'embarked'] as const;

type Dimension = (typeof dimensions)[number];

const readAll = (signal: AbortSignal) => Promise.all(dimensions.map((one) => client.groups([one], null, signal)));

export function SurvivalPage() {
  const { t } = useI18n();
  useTitle(t('titanic.title', { page: t('titanic.survival') }));
  const { data, error, reload } = useLoad(readAll, 'all');
  return (
    <>
      <header className="survival-head">
        <h1>{t('titanic.survival.title')}</h1>
        <p className="lead">{t('titanic.survival.lead')}</p>
      </header>
      {error && !data ? <ErrorState error={error} onRetry={reload} /> : data ? <Charts all={data} /> : <Skeleton lines={8} />}
    </>
  );
}

function Charts({ all }: { readonly all: readonly (readonly Group[])[] }) {
  const { t, has, formats } = useI18n();
  const total = sumOf(all[0] ?? []);
  const nameOf = (by: Dimension) => (group: Group) => {
    const value = group.values[by] || 'unknown';
    return has(`titanic.${by}.${value}`) ? t(`titanic.${by}.${value}`) : value;
  };
  return (
    <>
      <dl className="figures-row">
        <div>
          <dt>{t('titanic.chart.aboard')}</dt>
          <dd>{formats.number(total.count)}</dd>
        </div>
        <div>
          <dt>{t('titanic.chart.home')}</dt>
          <dd>{formats.number(total.survived)}</dd>
        </div>
        <div>
          <dt>{t('titanic.chart.share')}</dt>
          <dd>{formats.number(shareOf(total), 'percent')}</dd>
        </div>
      </dl>
      <p className="legend" aria-hidden="true">
        <span>
          <i />
          {t('titanic.survived.true')}
        </span>
        <span>
          <i data-lost />
          {t('titanic.survived.false')}
        </span>
      </p>
      <div className="charts">
        {dimensions.map((by, at) => (
          <SurvivalChart key={by} title={t(`titanic.survival.by.${by}`)} groups={ordered(all[at] ?? [], by)} nameOf={nameOf(by)} />
        ))}
      </div>
    </>
  );
}
