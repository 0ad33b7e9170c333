import { Banner, Button, explain, Input, Link, navigate, useI18n } from '@slipway/ui';
import { useState } from 'react';
import { Entry } from '../page/Entry.tsx';
import { FormShell } from '../page/FormShell.tsx';
import { emailAddress, required, useForm } from '../page/form.ts';
import { PasswordInput } from '../page/PasswordInput.tsx';
import { identity } from '../wire/identity.ts';
import { forgetErasure, rememberedErasure } from './erasure.ts';

/** The way back for somebody who closed their account: at once with one press, later with what a sign-in would ask for. */
export function KeepPage() {
  const { t } = useI18n();
  const [erasure] = useState(rememberedErasure);
  const [kept, setKept] = useState(false);
  const done = () => {
    forgetErasure();
    setKept(true);
  };
  if (kept) {
    return (
      <Entry title={t('account.keep.title')}>
        <Banner tone="success">{t('account.keep.done')}</Banner>
        <Button look="primary" wide onClick={() => navigate('/sign-in')}>
          {t('account.signIn.submit')}
        </Button>
      </Entry>
    );
  }
  return erasure ? <AtOnce erasure={erasure} onKept={done} /> : <Later onKept={done} />;
}

interface AtOnceProps {
  readonly erasure: { readonly token: string; readonly dueAt: string };
  readonly onKept: () => void;
}

function AtOnce({ erasure, onKept }: AtOnceProps) {
  const i18n = useI18n();
  const { t } = i18n;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const keep = async () => {
    setBusy(true);
    try {
      await identity.keepAccount({ token: erasure.token });
      onKept();
    } catch (error) {
      setFailure(explain(error, i18n));
      setBusy(false);
    }
  };
  return (
    <Entry title={t('account.keep.closed')} lead={t('account.keep.closedText', { when: erasure.dueAt })}>
      {failure && <Banner tone="danger">{failure}</Banner>}
      <Button wide busy={busy} onClick={() => void keep()}>
        {t('account.keep.submit')}
      </Button>
      <p className="lead">{t('account.keep.later', { address: `${window.location.origin}/keep` })}</p>
    </Entry>
  );
}

function Later({ onKept }: { readonly onKept: () => void }) {
  const { t } = useI18n();
  const form = useForm({ email: '', password: '', code: '' }, { email: emailAddress('email'), password: required('password') });
  const keep = form.submit(async ({ email, password, code }) => {
    await identity.keepAccount({ email: email.trim(), password, ...(code.trim() ? { code: code.trim() } : {}) });
    onKept();
  });
  return (
    <Entry title={t('account.keep.title')} lead={t('account.keep.lead')} foot={<Link to="/sign-in">{t('account.forgot.back')}</Link>}>
      <FormShell form={form} onSubmit={keep}>
        <Input
          {...form.text('email', t('account.field.email'))}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordInput {...form.text('password', t('account.field.password'))} autoComplete="current-password" />
        <Input {...form.text('code', t('account.code.label'))} optional hint={t('account.keep.codeHint')} autoComplete="one-time-code" />
        <Button type="submit" look="primary" wide busy={form.busy}>
          {t('account.keep.submit')}
        </Button>
      </FormShell>
    </Entry>
  );
}
