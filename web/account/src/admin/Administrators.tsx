import { Banner, useI18n } from '@slipway/ui';
import type { ReactNode } from 'react';
import { useSession } from '../page/Session.tsx';

/** Tells others at once that there is nothing here for them; the service refuses them whatever this page thinks. */
export function Administrators({ children }: { readonly children: ReactNode }) {
  const { t } = useI18n();
  return useSession().current?.user?.role === 'admin' ? children : <Banner tone="warning">{t('account.admin.denied')}</Banner>;
}
