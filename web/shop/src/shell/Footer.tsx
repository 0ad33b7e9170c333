import { Link, useI18n } from '@slipway/ui';
import { shippingFee, shippingFree } from '../wire/client.ts';

export function Footer() {
  const { t, formats } = useI18n();
  const free = formats.money(shippingFree * 100, 'EUR');
  const fee = formats.money(Math.round(shippingFee * 100), 'EUR');
  return (
    <footer className="shop-foot">
      <div className="shop-foot-inner">
        <p>{t('shop.foot.shipping', { free, fee })}</p>
        <p>{t('shop.foot.returns')}</p>
        <p>
          <Link to="/orders">{t('shop.foot.track')}</Link>
        </p>
      </div>
    </footer>
  );
}
