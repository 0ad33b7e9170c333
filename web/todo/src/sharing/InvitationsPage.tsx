import { Button, EmptyState, ErrorState, explain, navigate, Skeleton, useI18n, useTitle, useToasts } from '@slipway/ui';
import { useCallback, useEffect, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import type { Invitation } from '../contract/types.ts';
import { useStore } from '../store/StoreContext.tsx';

export function InvitationsPage() {
  const i18n = useI18n();
  const { t } = i18n;
  const client = useClient();
  const store = useStore();
  const { show } = useToasts();
  const [items, setItems] = useState<readonly Invitation[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState<string | null>(null);
  useTitle(t('todo.page.title', { page: t('todo.nav.invitations') }));

  const load = useCallback(() => {
    setError(null);
    client.invitations().then((reply) => setItems(reply.items), setError);
  }, [client]);
  useEffect(load, [load]);

  const answer = async (invitation: Invitation, how: 'accept' | 'decline') => {
    setBusy(invitation.id);
    try {
      await client.answerInvitation(invitation.id, how);
      setItems((before) => (before ?? []).filter((other) => other.id !== invitation.id));
      if (how === 'accept') {
        await store.loadLists();
        navigate(`/lists/${invitation.listId}`);
      }
    } catch (reason) {
      show({ text: explain(reason, i18n), tone: 'danger' });
    }
    setBusy(null);
  };

  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('todo.nav.invitations')}</h1>
      </header>
      {error ? <ErrorState error={error} onRetry={load} /> : !items && <Skeleton lines={3} />}
      {items?.length === 0 && <EmptyState icon="mail" title={t('todo.invitations.none')} />}
      <ul className="cards">
        {(items ?? []).map((invitation) => (
          <li key={invitation.id} className="panel">
            <p>
              {t('todo.invitations.text', {
                who: invitation.invitedBy?.name || t('todo.history.somebody'),
                list: invitation.listName ?? '',
                role: t(`todo.role.${invitation.role}`),
              })}
            </p>
            <p className="row">
              <Button look="primary" busy={busy === invitation.id} onClick={() => void answer(invitation, 'accept')}>
                {t('todo.invitations.accept')}
              </Button>
              <Button look="quiet" disabled={busy === invitation.id} onClick={() => void answer(invitation, 'decline')}>
                {t('todo.invitations.decline')}
              </Button>
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
