import { Link, useI18n } from '@slipway/ui';
import { Money } from '../shell/Money.tsx';
import { minor } from '@slipway/ui/read';
import type { Order } from '../wire/types.ts';

export function OrderSums({ order }: { readonly order: Order }) {
  const { t, has, formats } = useI18n();
  const statusOf = (status: string) => (has(`shop.return.status.${status}`) ? t(`shop.return.status.${status}`) : status);
  return (
    <section className="stack" aria-label={t('shop.order.items')}>
      <ul className="order-lines">
        {order.items.map((line) => (
          <li key={line.sku}>
            <div>
              <Link to={`/products/${encodeURIComponent(line.productId || line.sku)}`}>
                {t('shop.order.line', { count: line.quantity, name: line.name })}
              </Link>
              <small>{line.sku}</small>
              {line.returned > 0 && <small>{t('shop.order.returned', { count: line.returned })}</small>}
            </div>
            <Money amount={(minor(line.unitPrice) * line.quantity) / 100} currency={order.currency} />
          </li>
        ))}
      </ul>
      <div className="totals">
        <dl>
          <div>
            <dt>{t('shop.totals.shipping')}</dt>
            <dd>{order.shipping === 0 ? t('shop.totals.free') : <Money amount={order.shipping} currency={order.currency} />}</dd>
          </div>
          <div className="totals-sum">
            <dt>{t('shop.totals.total')}</dt>
            <dd>
              <Money amount={order.total} currency={order.currency} />
            </dd>
          </div>
          <div className="totals-tax">
            <dt>{t('shop.totals.tax')}</dt>
            <dd>
              <Money amount={order.tax} currency={order.currency} />
            </dd>
          </div>
          {order.refunded > 0 && (
            <div className="totals-refund">
              <dt>{t('shop.totals.refunded')}</dt>
              <dd>
                <Money amount={order.refunded} currency={order.currency} />
              </dd>
            </div>
          )}
        </dl>
      </div>
      {order.returns.length > 0 && (
        <div className="stack">
          <h2>{t('shop.return.title')}</h2>
          <ul className="returns">
            {order.returns.map((one) => (
              <li key={one.id}>
                <span>
                  {one.lines.map(({ sku, quantity }) => t('shop.order.line', { count: quantity, name: nameOf(order, sku) })).join(', ')}
                </span>
                <span className="returns-state">
                  {statusOf(one.status)}
                  {one.amount > 0 && ` · ${formats.money(minor(one.amount), order.currency)}`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

const nameOf = (order: Order, sku: string) => order.items.find((line) => line.sku === sku)?.name ?? sku;
