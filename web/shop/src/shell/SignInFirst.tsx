import { EmptyState, signInUrl, Skeleton, useI18n } from '@slipway/ui';
import type { ReactNode } from 'react';
import { useShop } from '../session/SessionContext.tsx';

export interface SignInFirstProps {
  /** Who may come in; everybody with an account when left out. */
  readonly as?: 'vendor' | 'admin';
  readonly children: ReactNode;
}

/** The service decides who may do what; this only spares people pages that would refuse every click. */
export function SignInFirst({ as, children }: SignInFirstProps) {
  const { t } = useI18n();
  const { known, user, isVendor, isAdmin } = useShop();
  if (!known) return <Skeleton lines={6} />;
  if (!user) {
    const back = window.location.pathname + window.location.search;
    return (
      <EmptyState
        level={1}
        icon="lock"
        title={t('shop.signInFirst.title')}
        action={
          <a className="button" data-look="primary" href={signInUrl(back)}>
            {t('shop.account.signIn')}
          </a>
        }
      >
        {t('shop.signInFirst.text')}
      </EmptyState>
    );
  }
  if ((as === 'vendor' && !isVendor) || (as === 'admin' && !isAdmin)) {
    return (
      <EmptyState level={1} icon="lock" title={t('shop.notAllowed.title')}>
        {t('shop.notAllowed.text')}
      </EmptyState>
    );
  }
  return children;
}
