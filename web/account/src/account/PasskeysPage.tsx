import { Banner, Button, ConfirmDialog, EmptyState, ErrorState, explain, Skeleton, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { Frame } from '../page/Frame.tsx';
import { useStepUp } from '../page/StepUp.tsx';
import { useLoad } from '../page/useLoad.ts';
import { identity } from '../wire/identity.ts';
import { knowsPasskeys } from '../wire/passkeys.ts';
import type { Passkey } from '../wire/types.ts';
import { AddPasskey } from './AddPasskey.tsx';
import { RenamePasskey } from './RenamePasskey.tsx';

export function PasskeysPage() {
  const { t } = useI18n();
  const [adding, setAdding] = useState(false);
  const possible = knowsPasskeys();
  return (
    <Frame
      title={t('account.passkeys.title')}
      lead={t('account.passkeys.lead')}
      actions={
        possible && (
          <Button look="primary" icon="add" onClick={() => setAdding(true)}>
            {t('account.passkeys.add')}
          </Button>
        )
      }
    >
      {!possible && <Banner tone="warning">{t('account.passkeys.impossible')}</Banner>}
      <Passkeys adding={adding} onAdding={setAdding} />
    </Frame>
  );
}

function Passkeys({ adding, onAdding }: { readonly adding: boolean; readonly onAdding: (open: boolean) => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const toasts = useToasts();
  const stepUp = useStepUp();
  const passkeys = useLoad(identity.passkeys);
  const [renamed, setRenamed] = useState<Passkey | null>(null);
  const [doomed, setDoomed] = useState<Passkey | null>(null);
  const [busy, setBusy] = useState(false);

  const changed = (text: string) => {
    toasts.show({ text, key: 'passkeys' });
    passkeys.reload();
  };
  const remove = async (passkey: Passkey) => {
    setBusy(true);
    try {
      await stepUp(() => identity.removePasskey(passkey.id));
      setDoomed(null);
      changed(t('account.passkeys.deleted'));
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger' });
    } finally {
      setBusy(false);
    }
  };

  if (!passkeys.data) return passkeys.error ? <ErrorState error={passkeys.error} onRetry={passkeys.reload} /> : <Skeleton lines={3} />;
  return (
    <>
      {passkeys.data.items.length === 0 ? (
        <EmptyState icon="key" title={t('account.passkeys.none')} />
      ) : (
        <ul className="lines">
          {passkeys.data.items.map((passkey) => (
            <PasskeyLine key={passkey.id} passkey={passkey} onRename={() => setRenamed(passkey)} onDelete={() => setDoomed(passkey)} />
          ))}
        </ul>
      )}
      <AddPasskey
        open={adding}
        onClose={() => onAdding(false)}
        onAdded={(passkey) => {
          onAdding(false);
          changed(t('account.passkeys.added', { name: passkey.name }));
        }}
      />
      <RenamePasskey
        passkey={renamed}
        onClose={() => setRenamed(null)}
        onRenamed={() => {
          setRenamed(null);
          changed(t('account.saved'));
        }}
      />
      <ConfirmDialog
        open={doomed !== null}
        danger
        busy={busy}
        title={t('account.passkeys.deleteTitle', { name: doomed?.name ?? '' })}
        action={t('account.passkeys.delete')}
        onConfirm={() => doomed && void remove(doomed)}
        onClose={() => setDoomed(null)}
      >
        <p>{t('account.passkeys.deleteText')}</p>
      </ConfirmDialog>
    </>
  );
}

interface PasskeyLineProps {
  readonly passkey: Passkey;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

function PasskeyLine({ passkey, onRename, onDelete }: PasskeyLineProps) {
  const { t, formats } = useI18n();
  const { name } = passkey;
  const used = passkey.lastUsedAt ? formats.ago(passkey.lastUsedAt, Date.now()) : t('account.never');
  return (
    <li className="line">
      <div className="line-text">
        <strong>
          {name} {passkey.backedUp && <span className="badge">{t('account.passkeys.synced')}</span>}
        </strong>
        <small>
          {t('account.passkeys.since', { when: formats.instant(passkey.createdAt) })} · {t('account.sessions.seen', { when: used })}
        </small>
      </div>
      <div className="row">
        <Button onClick={onRename} aria-label={t('account.passkeys.renameOf', { name })}>
          {t('account.passkeys.rename')}
        </Button>
        <Button look="quiet" onClick={onDelete} aria-label={t('account.passkeys.deleteOf', { name })}>
          {t('account.passkeys.delete')}
        </Button>
      </div>
    </li>
  );
}
