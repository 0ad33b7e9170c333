import { explain, Menu, type MenuItem, navigate, signInUrl, useI18n, useToasts } from '@slipway/ui';
import { useShop } from '../session/SessionContext.tsx';

const here = () => window.location.pathname + window.location.search;

export function AccountMenu() {
  const i18n = useI18n();
  const { t } = i18n;
  const { user, isVendor, isAdmin, signOut } = useShop();
  const toasts = useToasts();
  const go = (id: string, to: string, label: string, icon: MenuItem['icon'], separated = false): MenuItem => ({
    id,
    label,
    icon,
    separated,
    onSelect: () => navigate(to),
  });
  const leave = async () => {
    try {
      await signOut();
      toasts.show({ text: t('shop.account.signedOut') });
      navigate('/');
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger' });
    }
  };

  const orders = go('orders', '/orders', t('shop.orders.title'), 'list');
  const items: readonly MenuItem[] = user
    ? [
        orders,
        go('account', '/account', t('shop.account.title'), 'user'),
        ...(isVendor ? [go('vendor', '/vendor', t('shop.vendor.title'), 'tag', true)] : []),
        ...(isAdmin ? [go('admin', '/admin', t('shop.admin.title'), 'insights')] : []),
        { id: 'leave', label: t('shop.account.signOut'), icon: 'right', separated: true, onSelect: () => void leave() },
      ]
    : [
        { id: 'in', label: t('shop.account.signIn'), icon: 'user', onSelect: () => window.location.assign(signInUrl(here())) },
        {
          id: 'new',
          label: t('shop.account.register'),
          icon: 'add',
          onSelect: () => window.location.assign(signInUrl(here(), 'register')),
        },
        { ...orders, separated: true },
      ];
  return (
    <Menu label={user ? t('shop.account.menuOf', { name: user.name || user.email }) : t('shop.account.menu')} icon="user" items={items} />
  );
}
