import { Button, explain, useI18n, useToasts } from '@slipway/ui';
import { useEffect, useRef, useState } from 'react';
import { Entry } from '../page/Entry.tsx';
import { identity } from '../wire/identity.ts';

export function MailSent({ email, onOther }: { readonly email: string; readonly onOther: () => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const toasts = useToasts();
  const [busy, setBusy] = useState(false);
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => text.current?.focus(), []);

  const resend = async () => {
    setBusy(true);
    try {
      await identity.resend(email);
      toasts.show({ text: t('account.register.resent'), key: 'resend' });
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger', key: 'resend' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Entry title={t('account.register.sentTitle')}>
      <p ref={text} tabIndex={-1}>
        {t('account.register.sent', { email })}
      </p>
      <Button wide icon="mail" busy={busy} onClick={() => void resend()}>
        {t('account.register.resend')}
      </Button>
      <Button wide look="quiet" onClick={onOther}>
        {t('account.register.other')}
      </Button>
    </Entry>
  );
}
