import { Button, ConfirmDialog, explain, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import { useStore } from '../store/StoreContext.tsx';

/** The one thing here that cannot be taken back, so it asks first. */
export function EmptyTrash() {
  const i18n = useI18n();
  const { t } = i18n;
  const client = useClient();
  const store = useStore();
  const { show } = useToasts();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const empty = async () => {
    setBusy(true);
    try {
      await client.emptyTrash();
      await store.load({ view: 'trash' });
      setAsking(false);
    } catch (error) {
      show({ text: explain(error, i18n), tone: 'danger' });
    }
    setBusy(false);
  };
  return (
    <>
      <Button icon="trash" onClick={() => setAsking(true)}>
        {t('todo.trash.empty')}
      </Button>
      <ConfirmDialog
        open={asking}
        title={t('todo.trash.empty')}
        action={t('todo.trash.empty')}
        danger
        busy={busy}
        onConfirm={() => void empty()}
        onClose={() => setAsking(false)}
      >
        <p>{t('todo.trash.empty.text')}</p>
      </ConfirmDialog>
    </>
  );
}
