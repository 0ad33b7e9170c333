import { Banner, Button, Checkbox, ErrorState, explain, Skeleton, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { Frame } from '../page/Frame.tsx';
import { useLoad } from '../page/useLoad.ts';
import { identity } from '../wire/identity.ts';
import type { Account } from '../wire/types.ts';
import { EraseAccount } from './EraseAccount.tsx';
import { Programs } from './Programs.tsx';

export function PrivacyPage() {
  const { t } = useI18n();
  const account = useLoad(identity.account);
  return (
    <Frame title={t('account.privacy.title')} lead={t('account.privacy.lead')}>
      {account.data ? (
        <>
          <Consent account={account.data} />
          <Programs />
          <section className="section">
            <h2>{t('account.privacy.export')}</h2>
            <p>{t('account.privacy.exportText')}</p>
            <a className="button" data-look="secondary" href={identity.exportUrl} download="slipway-account.json">
              {t('account.privacy.download')}
            </a>
          </section>
          <Erasure account={account.data} onChanged={account.reload} />
        </>
      ) : account.error ? (
        <ErrorState error={account.error} onRetry={account.reload} />
      ) : (
        <Skeleton lines={4} />
      )}
    </Frame>
  );
}

function Consent({ account }: { readonly account: Account }) {
  const i18n = useI18n();
  const { t } = i18n;
  const toasts = useToasts();
  const [marketing, setMarketing] = useState(account.consents?.marketing === true);
  const change = async (agreed: boolean) => {
    setMarketing(agreed);
    try {
      await identity.setConsents(agreed);
      toasts.show({
        text: t('account.saved'),
        key: 'consents',
        ...(agreed === marketing ? {} : { action: { label: t('ui.action.undo'), run: () => void change(!agreed) } }),
      });
    } catch (error) {
      setMarketing(!agreed);
      toasts.show({ text: explain(error, i18n), tone: 'danger', key: 'consents' });
    }
  };
  return (
    <section className="section">
      <h2>{t('account.privacy.consents')}</h2>
      <Checkbox label={t('account.privacy.marketing')} checked={marketing} onChange={(agreed) => void change(agreed)} />
    </section>
  );
}

function Erasure({ account, onChanged }: { readonly account: Account; readonly onChanged: () => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const toasts = useToasts();
  const [asking, setAsking] = useState(false);
  const keep = async () => {
    try {
      await identity.keep();
      toasts.show({ text: t('account.privacy.kept') });
      onChanged();
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger' });
    }
  };
  return (
    <section className="section">
      <h2>{t('account.privacy.erase')}</h2>
      {account.erasure ? (
        <Banner tone="warning" action={<Button onClick={() => void keep()}>{t('account.privacy.withdraw')}</Button>}>
          {t('account.privacy.erasing', { when: account.erasure.dueAt })}
        </Banner>
      ) : (
        <>
          <p>{t('account.privacy.eraseText')}</p>
          <Button onClick={() => setAsking(true)}>{t('account.privacy.eraseButton')}</Button>
        </>
      )}
      <EraseAccount open={asking} onClose={() => setAsking(false)} onErased={onChanged} />
    </section>
  );
}
