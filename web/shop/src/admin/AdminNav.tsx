import { Link, useI18n } from '@slipway/ui';
import { useShop } from '../session/SessionContext.tsx';

export function AdminNav() {
  const { t } = useI18n();
  const { neighbours } = useShop();
  return (
    <nav className="tabs" aria-label={t('shop.admin.title')}>
      <Link to="/admin">{t('shop.admin.orders')}</Link>
      <Link to="/admin/payments">{t('shop.admin.payments')}</Link>
      <a href={`${neighbours.accounts}/admin/users`}>{t('shop.admin.users')}</a>
    </nav>
  );
}
