import { Button, Dialog, Input, useI18n } from '@slipway/ui';
import { FormShell } from '../page/FormShell.tsx';
import { required, useForm } from '../page/form.ts';
import { identity } from '../wire/identity.ts';
import type { Passkey } from '../wire/types.ts';

export interface RenamePasskeyProps {
  readonly passkey: Passkey | null;
  readonly onClose: () => void;
  readonly onRenamed: () => void;
}

export function RenamePasskey({ passkey, onClose, onRenamed }: RenamePasskeyProps) {
  const { t } = useI18n();
  return (
    <Dialog open={passkey !== null} size="small" title={t('account.passkeys.renameTitle')} onClose={onClose}>
      {passkey && <RenameForm passkey={passkey} onRenamed={onRenamed} />}
    </Dialog>
  );
}

function RenameForm({ passkey, onRenamed }: { readonly passkey: Passkey; readonly onRenamed: () => void }) {
  const { t } = useI18n();
  const form = useForm({ name: passkey.name }, { name: required('name') });
  const rename = form.submit(async ({ name }) => {
    await identity.renamePasskey(passkey.id, name.trim());
    onRenamed();
  });
  return (
    <FormShell form={form} onSubmit={rename}>
      <Input {...form.text('name', t('account.passkeys.name'))} maxLength={100} data-autofocus />
      <div className="row">
        <Button type="submit" look="primary" busy={form.busy}>
          {t('account.save')}
        </Button>
      </div>
    </FormShell>
  );
}
