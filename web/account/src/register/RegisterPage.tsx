import { Button, Checkbox, Input, Link, useI18n, useSearch } from '@slipway/ui';
import { useState } from 'react';
import { Entry } from '../page/Entry.tsx';
import { FormShell } from '../page/FormShell.tsx';
import { emailAddress, required, useForm } from '../page/form.ts';
import { PasswordInput } from '../page/PasswordInput.tsx';
import { rememberContinuation, safeContinuation, withContinuation } from '../wire/continuation.ts';
import { identity } from '../wire/identity.ts';
import { MailSent } from './MailSent.tsx';

export function RegisterPage() {
  const { t, locale } = useI18n();
  const [search] = useSearch();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const continuation = safeContinuation(search.get('continue'));
  const form = useForm(
    { email: search.get('email') ?? '', password: '', firstName: '', lastName: '', gdprConsent: false, marketingConsent: false },
    {
      email: emailAddress('email'),
      password: required('password'),
      gdprConsent: (values) => (values.gdprConsent ? null : 'account.register.consentNeeded'),
    },
  );
  const register = form.submit(async ({ email, password, firstName, lastName, gdprConsent, marketingConsent }) => {
    await identity.register({
      email: email.trim(),
      password,
      ...(firstName.trim() ? { firstName: firstName.trim() } : {}),
      ...(lastName.trim() ? { lastName: lastName.trim() } : {}),
      gdprConsent,
      marketingConsent,
      locale: locale === 'de' ? 'de' : 'en',
    });
    rememberContinuation(continuation);
    setSentTo(email.trim());
  });

  if (sentTo) return <MailSent email={sentTo} onOther={() => setSentTo(null)} />;
  return (
    <Entry
      title={t('account.register.title')}
      lead={t('account.register.lead')}
      foot={
        <p>
          {t('account.register.have')} <Link to={withContinuation('/sign-in', continuation)}>{t('account.signIn.submit')}</Link>
        </p>
      }
    >
      <FormShell form={form} onSubmit={register}>
        <div className="pair">
          <Input {...form.text('firstName', t('account.field.firstName'))} optional autoComplete="given-name" maxLength={100} />
          <Input {...form.text('lastName', t('account.field.lastName'))} optional autoComplete="family-name" maxLength={100} />
        </div>
        <Input
          {...form.text('email', t('account.field.email'))}
          type="email"
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordInput
          {...form.text('password', t('account.field.password'))}
          hint={t('account.field.passwordHint')}
          autoComplete="new-password"
        />
        <Checkbox {...form.check('gdprConsent', t('account.register.consent'))} />
        <Checkbox {...form.check('marketingConsent', t('account.register.marketing'))} />
        <Button type="submit" look="primary" wide busy={form.busy}>
          {t('account.register.submit')}
        </Button>
      </FormShell>
    </Entry>
  );
}
