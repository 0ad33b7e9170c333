import { useI18n } from '@slipway/ui';
import { minor } from '@slipway/ui/read';
import type { PricePoint } from '../wire/types.ts';

const width = 240;
const height = 56;
const inset = 4;

/** What it cost before: a small line for the eye, and the same as a table for everybody. */
export function PriceHistory({ points }: { readonly points: readonly PricePoint[] }) {
  const { t, formats } = useI18n();
  if (points.length < 2) return null;
  return (
    <details className="price-history">
      <summary>{t('shop.price.history')}</summary>
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
        <path d={steps(points)} className="price-line" />
      </svg>
      <table className="table">
        <caption className="sr-only">{t('shop.price.history')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('shop.price.since')}</th>
            <th scope="col" data-numeric>
              {t('shop.price')}
            </th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.from}>
              <th scope="row">{point.from ? formats.instant(point.from, 'dateTime') : ''}</th>
              <td data-numeric>{formats.money(minor(point.price), point.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** A price holds until the next one, so the line goes in steps. */
export function steps(points: readonly Pick<PricePoint, 'price'>[]): string {
  const prices = points.map(({ price }) => price);
  const low = Math.min(...prices);
  const range = Math.max(...prices) - low || 1;
  const y = (price: number) => Math.round(height - inset - ((price - low) / range) * (height - 2 * inset));
  const stride = width / points.length;
  return prices
    .map((price, at) => `${at === 0 ? 'M0' : 'L' + Math.round(at * stride)} ${y(price)}H${Math.round((at + 1) * stride)}`)
    .join('');
}
