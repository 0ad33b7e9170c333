import { Button, Dialog, useI18n } from '@slipway/ui';
import { FormShell } from '../page/FormShell.tsx';
import { required, useForm } from '../page/form.ts';
import { PasswordInput } from '../page/PasswordInput.tsx';
import { useSession } from '../page/Session.tsx';
import { useStepUp } from '../page/StepUp.tsx';
import { identity } from '../wire/identity.ts';

export interface EraseAccountProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onErased: () => void;
}

export function EraseAccount({ open, onClose, onErased }: EraseAccountProps) {
  const { t } = useI18n();
  return (
    <Dialog open={open} size="small" title={t('account.privacy.eraseTitle')} onClose={onClose}>
      <EraseForm
        onErased={() => {
          onClose();
          onErased();
        }}
      />
    </Dialog>
  );
}

function EraseForm({ onErased }: { readonly onErased: () => void }) {
  const { t } = useI18n();
  const session = useSession();
  const stepUp = useStepUp();
  const form = useForm({ password: '' }, { password: required('password') });
  const erase = form.submit(async ({ password }) => {
    await stepUp(() => identity.erase(password));
    // Every sign-in may have ended with the account; the page shows whichever is true now.
    await session.reload();
    onErased();
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
