import { Button, Dialog, Input, useI18n } from '@slipway/ui';
import { FormShell } from '../page/FormShell.tsx';
import { required, useForm } from '../page/form.ts';
import { useStepUp } from '../page/StepUp.tsx';
import { identity } from '../wire/identity.ts';
import { makePasskey, PasskeyStopped } from '../wire/passkeys.ts';
import type { Passkey } from '../wire/types.ts';
import { describeDevice } from './device.ts';

export interface AddPasskeyProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onAdded: (passkey: Passkey) => void;
}

export function AddPasskey({ open, onClose, onAdded }: AddPasskeyProps) {
  const { t } = useI18n();
  return (
    <Dialog open={open} size="small" title={t('account.passkeys.add')} onClose={onClose}>
      <AddForm onAdded={onAdded} />
    </Dialog>
  );
}

function AddForm({ onAdded }: Pick<AddPasskeyProps, 'onAdded'>) {
  const { t } = useI18n();
  const stepUp = useStepUp();
  const device = describeDevice(navigator.userAgent);
  const form = useForm({ name: device ? t('account.sessions.device', device) : '' }, { name: required('name') });
  const add = form.submit(async ({ name }) => {
    const question = await stepUp(identity.newPasskey);
    try {
      onAdded(await makePasskey(question, name.trim()));
    } catch (error) {
      if (!(error instanceof PasskeyStopped)) throw error;
      form.setFailure(t(error.known ? 'problem.passkeyExists' : 'account.passkeys.stopped'));
    }
  });
  return (
    <FormShell form={form} onSubmit={add}>
      <p>{t('account.passkeys.addText')}</p>
      <Input {...form.text('name', t('account.passkeys.name'))} hint={t('account.passkeys.nameHint')} maxLength={100} data-autofocus />
      <div className="row">
        <Button type="submit" look="primary" busy={form.busy}>
          {t('account.passkeys.make')}
        </Button>
      </div>
    </FormShell>
  );
}
