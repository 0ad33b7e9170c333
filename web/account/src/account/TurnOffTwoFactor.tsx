import { Button, Dialog, Input, useI18n } from '@slipway/ui';
import { FormShell } from '../page/FormShell.tsx';
import { required, useForm } from '../page/form.ts';
import { PasswordInput } from '../page/PasswordInput.tsx';
import { useStepUp } from '../page/StepUp.tsx';
import { identity } from '../wire/identity.ts';

export interface TurnOffTwoFactorProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function TurnOffTwoFactor({ open, onClose, onDone }: TurnOffTwoFactorProps) {
  const { t } = useI18n();
  return (
    <Dialog open={open} size="small" title={t('account.twoFactor.turnOffTitle')} onClose={onClose}>
      <TurnOffForm onDone={onDone} />
    </Dialog>
  );
}

function TurnOffForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useI18n();
  const stepUp = useStepUp();
  const form = useForm({ password: '', code: '' }, { password: required('password'), code: required('code') });
  const turnOff = form.submit(async ({ password, code }) => {
    await stepUp(() => identity.removeTwoFactor(password, code.trim()));
    onDone();
  });
  return (
    <FormShell form={form} onSubmit={turnOff}>
      <p>{t('account.twoFactor.turnOffText')}</p>
      <PasswordInput {...form.text('password', t('account.field.password'))} autoComplete="current-password" data-autofocus />
      <Input {...form.text('code', t('account.code.label'))} autoComplete="one-time-code" maxLength={40} />
      <Button type="submit" look="danger" busy={form.busy}>
        {t('account.twoFactor.turnOff')}
      </Button>
    </FormShell>
  );
}
