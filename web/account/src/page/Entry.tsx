import { useI18n, useTitle } from '@slipway/ui';
import type { ReactNode } from 'react';
import { Brand } from './Brand.tsx';
import { Preferences } from './Preferences.tsx';

export interface EntryProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}

/** The frame of the pages before somebody is inside: one thing to do, nothing to distract from it. */
export function Entry({ title, lead, children, foot }: EntryProps) {
  const { t } = useI18n();
  useTitle(t('account.title', { page: title }));
  return (
    <div className="entry">
      <header className="entry-head">
        <Brand />
        <Preferences />
      </header>
      <div className="entry-middle">
        <main className="entry-card" id="main">
          <h1>{title}</h1>
          {lead && <p className="lead">{lead}</p>}
          {children}
        </main>
        {foot && <footer className="entry-foot">{foot}</footer>}
      </div>
    </div>
  );
}
