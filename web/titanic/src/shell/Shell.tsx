import { Link, Preferences, useI18n } from '@slipway/ui';
import type { ReactNode } from 'react';
import { Brand } from './Brand.tsx';

export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useI18n();
  return (
    <div className="titanic">
      <a className="skip-link" href="#main">
        {t('ui.action.skip')}
      </a>
      <header className="top">
        <div className="top-inner">
          <Brand />
          <nav className="places" aria-label={t('titanic.menu')}>
            <Link to="/">{t('titanic.people')}</Link>
            <Link to="/survival">{t('titanic.survival')}</Link>
          </nav>
          <Preferences />
        </div>
      </header>
      <main className="content" id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="foot">
        <div className="foot-inner">
          <p>{t('titanic.foot.synthetic')}</p>
          <p>
            <a href="/docs">{t('titanic.foot.api')}</a>
          </p>
        </div>
      </footer>
    </div>
  );
}
