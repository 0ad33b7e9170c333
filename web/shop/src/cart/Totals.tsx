import { useI18n } from '@slipway/ui';
import { Money } from '../shell/Money.tsx';
import { includedTax, shippingFor, shippingFree } from '../wire/client.ts';
import { minor } from '@slipway/ui/read';
import type { Cart } from '../wire/types.ts';

export function Totals({ cart }: { readonly cart: Cart }) {
  const { t, formats } = useI18n();
  const shipping = cart.shipping ?? shippingFor(cart.total);
  const total = (minor(cart.total) + minor(shipping)) / 100;
  const missing = minor(shippingFree) - minor(cart.total);
  return (
    <div className="totals">
      <h2>{t('shop.totals.title')}</h2>
      <dl>
        <div>
          <dt>{t('shop.totals.items')}</dt>
          <dd>
            <Money amount={cart.total} currency={cart.currency} />
          </dd>
        </div>
        <div>
          <dt>{t('shop.totals.shipping')}</dt>
          <dd>{shipping === 0 ? t('shop.totals.free') : <Money amount={shipping} currency={cart.currency} />}</dd>
        </div>
        <div className="totals-sum">
          <dt>{t('shop.totals.total')}</dt>
          <dd>
            <Money amount={total} currency={cart.currency} />
          </dd>
        </div>
        <div className="totals-tax">
          <dt>{t('shop.totals.tax')}</dt>
          <dd>
            <Money amount={cart.tax ?? includedTax(total)} currency={cart.currency} />
          </dd>
        </div>
      </dl>
      {shipping > 0 && missing > 0 && (
        <p className="summary-note">{t('shop.totals.missing', { amount: formats.money(missing, cart.currency) })}</p>
      )}
    </div>
  );
}
