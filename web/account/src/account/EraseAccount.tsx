import { Button, Dialog, navigate, useI18n } from '@slipway/ui';
import { FormShell } from '../page/FormShell.tsx';
import { required, useForm } from '../page/form.ts';
import { PasswordInput } from '../page/PasswordInput.tsx';
import { useSession } from '../page/Session.tsx';
import { useStepUp } from '../page/StepUp.tsx';
import { rememberErasure } from '../recover/erasure.ts';
import { identity } from '../wire/identity.ts';

export function EraseAccount({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useI18n();
  return (
    <Dialog open={open} size="small" title={t('account.privacy.eraseTitle')} onClose={onClose}>
      <EraseForm />
    </Dialog>
  );
}

function EraseForm() {
  const { t } = useI18n();
  const session = useSession();
  const stepUp = useStepUp();
  const form = useForm({ password: '' }, { password: required('password') });
  const erase = form.submit(async ({ password }) => {
    rememberErasure(await stepUp(() => identity.erase(password)));
    // First away from here: the sign-in has ended with the account, and this page would ask for a new one.
    navigate('/keep', { replace: true });
    await session.reload();
  });
  return (
    <FormShell form={form} onSubmit={erase}>
      <p>{t('account.privacy.eraseText')}</p>
      <PasswordInput {...form.text('password', t('account.field.password'))} autoComplete="current-password" data-autofocus />
      <Button type="submit" look="danger" busy={form.busy}>
        {t('account.privacy.eraseConfirm')}
      </Button>
    </FormShell>
  );
}
