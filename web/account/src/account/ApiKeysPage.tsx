import { Button, ConfirmDialog, EmptyState, ErrorState, explain, Skeleton, Table, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { Frame } from '../page/Frame.tsx';
import { useStepUp } from '../page/StepUp.tsx';
import { useLoad } from '../page/useLoad.ts';
import { identity } from '../wire/identity.ts';
import type { ApiKey, CreatedApiKey } from '../wire/types.ts';
import { CreateApiKey } from './CreateApiKey.tsx';
import { NewApiKey } from './NewApiKey.tsx';

export function ApiKeysPage() {
  const { t } = useI18n();
  const [creating, setCreating] = useState(false);
  return (
    <Frame
      title={t('account.keys.title')}
      lead={t('account.keys.lead')}
      actions={
        <Button look="primary" icon="add" onClick={() => setCreating(true)}>
          {t('account.keys.create')}
        </Button>
      }
    >
      <ApiKeys creating={creating} onCreate={setCreating} />
    </Frame>
  );
}

function ApiKeys({ creating, onCreate }: { readonly creating: boolean; readonly onCreate: (open: boolean) => void }) {
  const i18n = useI18n();
  const { t, formats } = i18n;
  const toasts = useToasts();
  const stepUp = useStepUp();
  const keys = useLoad(identity.apiKeys);
  const [created, setCreated] = useState<CreatedApiKey | null>(null);
  const [doomed, setDoomed] = useState<ApiKey | null>(null);
  const [busy, setBusy] = useState(false);

  const remove = async (key: ApiKey) => {
    setBusy(true);
    try {
      await stepUp(() => identity.deleteApiKey(key.id));
      toasts.show({ text: t('account.keys.deleted') });
      setDoomed(null);
      keys.reload();
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger' });
    } finally {
      setBusy(false);
    }
  };

  if (!keys.data) return keys.error ? <ErrorState error={keys.error} onRetry={keys.reload} /> : <Skeleton lines={3} />;
  return (
    <>
      {created && <NewApiKey created={created} />}
      {keys.data.items.length === 0 ? (
        <EmptyState icon="key" title={t('account.keys.none')} />
      ) : (
        <Table
          caption={t('account.keys.title')}
          hideCaption
          rows={keys.data.items}
          rowKey={(key) => key.id}
          columns={[
            { id: 'name', header: t('account.keys.column.name'), cell: (key) => key.name },
            { id: 'scopes', header: t('account.keys.column.scopes'), cell: (key) => key.scopes.join(' ') },
            { id: 'expires', header: t('account.keys.column.expires'), cell: (key) => formats.instant(key.expiresAt, 'medium') },
            {
              id: 'used',
              header: t('account.keys.column.used'),
              cell: (key) => (key.lastUsedAt ? formats.ago(key.lastUsedAt, Date.now()) : t('account.never')),
            },
            {
              id: 'delete',
              header: t('account.keys.delete'),
              cell: (key) => (
                <Button look="quiet" onClick={() => setDoomed(key)} aria-label={t('account.keys.deleteOf', { name: key.name })}>
                  {t('account.keys.delete')}
                </Button>
              ),
            },
          ]}
        />
      )}
      <CreateApiKey
        open={creating}
        onClose={() => onCreate(false)}
        onCreated={(key) => {
          onCreate(false);
          setCreated(key);
          keys.reload();
        }}
      />
      <ConfirmDialog
        open={doomed !== null}
        danger
        busy={busy}
        title={t('account.keys.deleteTitle', { name: doomed?.name ?? '' })}
        action={t('account.keys.delete')}
        onConfirm={() => doomed && void remove(doomed)}
        onClose={() => setDoomed(null)}
      >
        <p>{t('account.keys.deleteText')}</p>
      </ConfirmDialog>
    </>
  );
}
