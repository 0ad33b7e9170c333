import { Banner, Button, Link, navigate, useI18n } from '@slipway/ui';
import { useState } from 'react';
import { Entry } from '../page/Entry.tsx';
import { FormShell } from '../page/FormShell.tsx';
import { required, useForm } from '../page/form.ts';
import { PasswordInput } from '../page/PasswordInput.tsx';
import { tokenFromAddress } from '../page/tokenFromAddress.ts';
import { identity } from '../wire/identity.ts';

export function ResetPage() {
  const { t } = useI18n();
  const [token] = useState(tokenFromAddress);
  const [done, setDone] = useState(false);
  const form = useForm({ newPassword: '' }, { newPassword: required('newPassword') });
  const save = form.submit(async ({ newPassword }) => {
    await identity.reset(token ?? '', newPassword);
    setDone(true);
  });
  if (!token) {
    return (
      <Entry title={t('account.reset.title')} foot={<Link to="/forgot">{t('account.verify.again')}</Link>}>
        <Banner tone="warning">{t('account.reset.missing')}</Banner>
      </Entry>
    );
  }
  if (done) {
    return (
      <Entry title={t('account.reset.title')}>
        <Banner tone="success">{t('account.reset.done')}</Banner>
        <Button look="primary" wide onClick={() => navigate('/sign-in')}>
          {t('account.signIn.submit')}
        </Button>
      </Entry>
    );
  }
  return (
    <Entry title={t('account.reset.title')} lead={t('account.reset.lead')} foot={<Link to="/forgot">{t('account.verify.again')}</Link>}>
      <FormShell form={form} onSubmit={save}>
        <PasswordInput
          {...form.text('newPassword', t('account.field.newPassword'))}
          hint={t('account.field.passwordHint')}
          autoComplete="new-password"
        />
        <Button type="submit" look="primary" wide busy={form.busy}>
          {t('account.reset.submit')}
        </Button>
      </FormShell>
    </Entry>
  );
}
