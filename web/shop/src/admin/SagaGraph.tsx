import { useI18n } from '@slipway/ui';
import type { Saga, SagaStep } from '../wire/types.ts';

const boxWidth = 132;
const boxHeight = 56;
const gap = 36;
const inset = 8;

/** What is undone is drawn below what was done, with the way back. The table beside it says the same to those who do not see it. */
export function SagaGraph({ saga }: { readonly saga: Saga }) {
  const { t, has } = useI18n();
  const undoing = saga.steps.some((step) => isUndone(step));
  const width = saga.steps.length * (boxWidth + gap) - gap + 2 * inset;
  const height = inset * 2 + boxHeight + (undoing ? boxHeight + gap : 0);
  const word = (kind: string, name: string) => (has(`shop.saga.${kind}.${name}`) ? t(`shop.saga.${kind}.${name}`) : name);
  const x = (at: number) => inset + at * (boxWidth + gap);
  const below = inset + boxHeight + gap;
  const summary = saga.steps.map((step) => `${word('step', step.name)}: ${word('state', step.state)}`).join('; ');
  return (
    <div className="saga" tabIndex={0} role="region" aria-label={t('shop.saga.graph')}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={summary}>
        {saga.steps.map((step, at) => (
          <g key={step.name}>
            {at > 0 && <path className="saga-way" d={`M${x(at) - gap} ${inset + boxHeight / 2}h${gap - 7}m-5 -5l5 5l-5 5`} />}
            <g className="saga-box" data-state={step.state}>
              <rect x={x(at)} y={inset} width={boxWidth} height={boxHeight} rx="10" />
              <text x={x(at) + boxWidth / 2} y={inset + 24} textAnchor="middle" className="saga-name">
                {word('step', step.name)}
              </text>
              <text x={x(at) + boxWidth / 2} y={inset + 42} textAnchor="middle" className="saga-state">
                {word('state', step.state)}
              </text>
            </g>
            {isUndone(step) && step.compensation && (
              <g className="saga-box" data-state={step.state}>
                <path className="saga-way" d={`M${x(at) + boxWidth / 2} ${inset + boxHeight}v${gap - 7}m-5 -5l5 5l5 -5`} />
                <rect x={x(at)} y={below} width={boxWidth} height={boxHeight} rx="10" strokeDasharray="5 4" />
                <text x={x(at) + boxWidth / 2} y={below + boxHeight / 2 + 5} textAnchor="middle" className="saga-name">
                  {word('undo', step.compensation)}
                </text>
              </g>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}

export const isUndone = (step: Pick<SagaStep, 'state'>): boolean => step.state === 'compensating' || step.state === 'compensated';
