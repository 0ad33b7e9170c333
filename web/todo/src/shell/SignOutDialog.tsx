import { ConfirmDialog, explain, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { useTodoState } from '../store/StoreContext.tsx';
import type { SignedIn } from './useSession.ts';

export function SignOutDialog({ session, onClose }: { readonly session: SignedIn; readonly onClose: () => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const { show } = useToasts();
  const { changes } = useTodoState();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await session.signOut();
    } catch (error) {
      setBusy(false);
      show({ text: explain(error, i18n), tone: 'danger' });
    }
  };
  return (
    <ConfirmDialog
      open
      title={t('todo.signOut.title')}
      action={t('todo.account.signOut')}
      danger={changes.length > 0}
      busy={busy}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{changes.length > 0 ? t('todo.signOut.unsent', { count: changes.length }) : t('todo.signOut.text')}</p>
    </ConfirmDialog>
  );
}
