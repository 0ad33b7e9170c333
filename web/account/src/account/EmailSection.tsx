import { Banner, Button, Dialog, ErrorState, explain, Input, Skeleton, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { FormShell } from '../page/FormShell.tsx';
import { emailAddress, required, useForm } from '../page/form.ts';
import { PasswordInput } from '../page/PasswordInput.tsx';
import { useLoad } from '../page/useLoad.ts';
import { identity } from '../wire/identity.ts';

/** The address of the account, and the way to another one: nothing changes before the new address has answered. */
export function EmailSection() {
  const i18n = useI18n();
  const { t } = i18n;
  const toasts = useToasts();
  const email = useLoad(identity.email);
  const [changing, setChanging] = useState(false);
  const [busy, setBusy] = useState(false);

  const withdraw = async () => {
    setBusy(true);
    try {
      await identity.withdrawEmail();
      toasts.show({ text: t('account.email.withdrawn'), key: 'email' });
      email.reload();
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger', key: 'email' });
    } finally {
      setBusy(false);
    }
  };

  return (
    <section className="section narrow" aria-label={t('account.email.title')}>
      <h2>{t('account.email.title')}</h2>
      {!email.data && (email.error ? <ErrorState error={email.error} onRetry={email.reload} /> : <Skeleton lines={1} />)}
      {email.data && (
        <>
          <p>
            <strong>{email.data.email}</strong>
          </p>
          {!email.data.emailVerified && <Banner tone="warning">{t('account.profile.unverified')}</Banner>}
          {email.data.pending ? (
            <>
              <Banner tone="info">{t('account.email.pending', { email: email.data.pending.email })}</Banner>
              <Button busy={busy} onClick={() => void withdraw()}>
                {t('account.email.withdraw')}
              </Button>
            </>
          ) : (
            <Button onClick={() => setChanging(true)}>{t('account.email.change')}</Button>
          )}
        </>
      )}
      <Dialog open={changing} size="small" title={t('account.email.change')} onClose={() => setChanging(false)}>
        <ChangeForm
          onAsked={() => {
            setChanging(false);
            email.reload();
          }}
        />
      </Dialog>
    </section>
  );
}

function ChangeForm({ onAsked }: { readonly onAsked: () => void }) {
  const { t } = useI18n();
  const form = useForm({ email: '', password: '' }, { email: emailAddress('email'), password: required('password') });
  const change = form.submit(async ({ email, password }) => {
    await identity.changeEmail(email.trim(), password);
    onAsked();
  });
  return (
    <FormShell form={form} onSubmit={change}>
      <p>{t('account.email.changeText')}</p>
      <Input
        {...form.text('email', t('account.email.new'))}
        type="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        data-autofocus
      />
      <PasswordInput {...form.text('password', t('account.field.password'))} autoComplete="current-password" />
      <div className="row">
        <Button type="submit" look="primary" busy={form.busy}>
          {t('account.email.submit')}
        </Button>
      </div>
    </FormShell>
  );
}
