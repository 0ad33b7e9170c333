import { Banner, Button, signInUrl, useI18n, useLocation } from '@slipway/ui';
import { useState } from 'react';
import { RefusedDialog } from '../conflict/RefusedDialog.tsx';
import { useTodoState } from '../store/StoreContext.tsx';

interface SyncBannerProps {
  /** Conflicts whose decision was put off. */
  readonly conflicts: number;
  readonly onDecide: () => void;
}

/** One line about what is not as usual: no connection, no session, or changes that somebody has to look at. */
export function SyncBanner({ conflicts, onDecide }: SyncBannerProps) {
  const { t, formats } = useI18n();
  const { connection, changes, views } = useTodoState();
  const { path, search } = useLocation();
  const [reviewing, setReviewing] = useState(false);
  const refused = changes.filter((change) => change.state === 'refused');
  const waiting = changes.filter((change) => change.state === 'waiting').length;
  const loadedAt = Math.max(0, ...[...views.values()].map((view) => view.loadedAt));

  return (
    <div className="sync-banner">
      {connection === 'signedOut' && (
        <Banner
          tone="warning"
          title={t('todo.sync.signedOut.title')}
          action={
            <a className="button" data-look="primary" href={signInUrl(path + search)}>
              {t('todo.welcome.signIn')}
            </a>
          }
        >
          {t('todo.sync.signedOut.text', { count: waiting })}
        </Banner>
      )}
      {connection === 'offline' && (
        <Banner icon="offline" tone="info" title={t('todo.sync.offline.title')}>
          {loadedAt > 0 ? t('todo.sync.offline.age', { when: formats.ago(loadedAt, Date.now()) }) : t('todo.sync.offline.empty')}{' '}
          {t('todo.sync.offline.changes', { count: waiting })}
        </Banner>
      )}
      {conflicts > 0 && (
        <Banner
          tone="warning"
          title={t('todo.sync.conflicts', { count: conflicts })}
          action={<Button onClick={onDecide}>{t('todo.sync.decide')}</Button>}
        />
      )}
      {refused.length > 0 && (
        <Banner
          tone="danger"
          title={t('todo.sync.refused', { count: refused.length })}
          action={<Button onClick={() => setReviewing(true)}>{t('todo.sync.review')}</Button>}
        />
      )}
      {reviewing && refused.length > 0 && <RefusedDialog changes={refused} onClose={() => setReviewing(false)} />}
    </div>
  );
}
