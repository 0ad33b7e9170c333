import { Button, useI18n, useToasts } from '@slipway/ui';
import { FormShell } from '../page/FormShell.tsx';
import { Frame } from '../page/Frame.tsx';
import { required, useForm } from '../page/form.ts';
import { PasswordInput } from '../page/PasswordInput.tsx';
import { useSession } from '../page/Session.tsx';
import { identity } from '../wire/identity.ts';

export function PasswordPage() {
  const { t } = useI18n();
  return (
    <Frame title={t('account.password.title')} lead={t('account.password.lead')}>
      <PasswordForm />
    </Frame>
  );
}

function PasswordForm() {
  const { t } = useI18n();
  const toasts = useToasts();
  const session = useSession();
  const form = useForm(
    { currentPassword: '', newPassword: '' },
    { currentPassword: required('currentPassword'), newPassword: required('newPassword') },
  );
  const change = form.submit(async ({ currentPassword, newPassword }) => {
    await identity.changePassword(currentPassword, newPassword);
    form.setValues({ currentPassword: '', newPassword: '' });
    toasts.show({ text: t('account.password.done') });
    // The change renews this session, and with it the token that our next change must carry.
    await session.reload();
  });
  return (
    <div className="narrow">
      <FormShell form={form} onSubmit={change}>
        {/* Password managers file the new password under this name. */}
        <input type="hidden" name="username" autoComplete="username" value={session.current?.user?.email ?? ''} readOnly />
        <PasswordInput {...form.text('currentPassword', t('account.field.currentPassword'))} autoComplete="current-password" />
        <PasswordInput
          {...form.text('newPassword', t('account.field.newPassword'))}
          hint={t('account.field.passwordHint')}
          autoComplete="new-password"
        />
        <div className="row">
          <Button type="submit" look="primary" busy={form.busy}>
            {t('account.password.submit')}
          </Button>
        </div>
      </FormShell>
    </div>
  );
}
