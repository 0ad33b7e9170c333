import { Button, Input, Link, useI18n, useSearch } from '@slipway/ui';
import { useState } from 'react';
import { Entry } from '../page/Entry.tsx';
import { FormShell } from '../page/FormShell.tsx';
import { emailAddress, useForm } from '../page/form.ts';
import { safeContinuation, withContinuation } from '../wire/continuation.ts';
import { identity } from '../wire/identity.ts';

export function ForgotPage() {
  const { t } = useI18n();
  const [search] = useSearch();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({ email: '' }, { email: emailAddress('email') });
  const send = form.submit(async ({ email }) => {
    await identity.forgot(email.trim());
    setSentTo(email.trim());
  });
  const back = <Link to={withContinuation('/sign-in', safeContinuation(search.get('continue')))}>{t('account.forgot.back')}</Link>;
  if (sentTo) {
    return (
      <Entry title={t('account.forgot.sentTitle')} foot={back}>
        <p role="status">{t('account.forgot.sent', { email: sentTo })}</p>
      </Entry>
    );
  }
  return (
    <Entry title={t('account.forgot.title')} lead={t('account.forgot.lead')} foot={back}>
      <FormShell form={form} onSubmit={send}>
        <Input
          {...form.text('email', t('account.field.email'))}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <Button type="submit" look="primary" wide busy={form.busy}>
          {t('account.forgot.submit')}
        </Button>
      </FormShell>
    </Entry>
  );
}
