import { type Column, Table, useI18n } from '@slipway/ui';
import type { Group } from '../wire/types.ts';
import { shareOf } from './shares.ts';

const width = 420;
const rowHeight = 46;
const barHeight = 18;
const figureWidth = 56;

export interface SurvivalChartProps {
  readonly title: string;
  readonly groups: readonly Group[];
  readonly nameOf: (group: Group) => string;
}

/** Two lengths a row: how many there were, and how many of them came home. The table below says the same in figures. */
export function SurvivalChart({ title, groups, nameOf }: SurvivalChartProps) {
  const { t, formats } = useI18n();
  const most = Math.max(1, ...groups.map(({ count }) => count));
  const lengthOf = (count: number) => ((width - figureWidth) * count) / most;
  const columns: readonly Column<Group>[] = [
    { id: 'group', header: title, cell: nameOf },
    { id: 'count', header: t('titanic.chart.aboard'), numeric: true, cell: ({ count }) => formats.number(count) },
    { id: 'survived', header: t('titanic.chart.home'), numeric: true, cell: ({ survived }) => formats.number(survived) },
    { id: 'share', header: t('titanic.chart.share'), numeric: true, cell: (group) => formats.number(shareOf(group), 'percent') },
  ];
  return (
    <section className="chart" aria-label={title}>
      <h2>{title}</h2>
      <svg viewBox={`0 0 ${width} ${groups.length * rowHeight}`} aria-hidden="true" focusable="false">
        {groups.map((group, at) => (
          <g key={nameOf(group)} transform={`translate(0 ${at * rowHeight})`}>
            <text x="0" y="14" className="bar-name">
              {nameOf(group)}
            </text>
            <rect x="0.5" y="20.5" width={lengthOf(group.count)} height={barHeight} rx="4" className="bar-lost" />
            <rect x="0.5" y="20.5" width={lengthOf(group.survived)} height={barHeight} rx="4" className="bar-home" />
            <text x={lengthOf(group.count) + 8} y="34" className="bar-figure">
              {formats.number(shareOf(group), 'percent')}
            </text>
          </g>
        ))}
      </svg>
      <details>
        <summary>{t('titanic.chart.figures')}</summary>
        <Table caption={t('titanic.chart.figuresOf', { chart: title })} hideCaption columns={columns} rows={groups} rowKey={nameOf} />
      </details>
    </section>
  );
}
