import { useI18n } from '@slipway/ui';
import type { ReactNode } from 'react';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';

export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useI18n();
  return (
    <div className="shop">
      <a className="skip-link" href="#main">
        {t('ui.action.skip')}
      </a>
      <Header />
      <main className="shop-main" id="main" tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </div>
  );
}
