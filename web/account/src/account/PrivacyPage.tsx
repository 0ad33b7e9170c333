import { Button, Checkbox, ErrorState, explain, Skeleton, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { Frame } from '../page/Frame.tsx';
import { useLoad } from '../page/useLoad.ts';
import { identity } from '../wire/identity.ts';
import type { Consents } from '../wire/types.ts';
import { EraseAccount } from './EraseAccount.tsx';
import { Programs } from './Programs.tsx';

export function PrivacyPage() {
  const { t } = useI18n();
  const consents = useLoad(identity.consents);
  return (
    <Frame title={t('account.privacy.title')} lead={t('account.privacy.lead')}>
      <section className="section">
        <h2>{t('account.privacy.consents')}</h2>
        {consents.data ? (
          <Agreements consents={consents.data} onChanged={consents.replace} />
        ) : consents.error ? (
          <ErrorState error={consents.error} onRetry={consents.reload} />
        ) : (
          <Skeleton lines={1} />
        )}
      </section>
      <Programs />
      <section className="section">
        <h2>{t('account.privacy.export')}</h2>
        <p>{t('account.privacy.exportText')}</p>
        <a className="button" data-look="secondary" href={identity.exportUrl} download="slipway-account.json">
          {t('account.privacy.download')}
        </a>
      </section>
      <Erasure />
    </Frame>
  );
}

interface AgreementsProps {
  readonly consents: Consents;
  readonly onChanged: (consents: Consents) => void;
}

function Agreements({ consents, onChanged }: AgreementsProps) {
  const i18n = useI18n();
  const { t } = i18n;
  const toasts = useToasts();
  const change = async (marketingConsent: boolean, undoable: boolean) => {
    onChanged({ ...consents, marketingConsent });
    try {
      onChanged(await identity.agreeToMarketing(marketingConsent));
      const undo = { label: t('ui.action.undo'), run: () => void change(!marketingConsent, false) };
      toasts.show({ text: t('account.saved'), key: 'consents', ...(undoable ? { action: undo } : {}) });
    } catch (error) {
      onChanged(consents);
      toasts.show({ text: explain(error, i18n), tone: 'danger', key: 'consents' });
    }
  };
  return (
    <>
      {consents.consentDate && <p>{t('account.privacy.agreed', { version: consents.consentVersion ?? '', when: consents.consentDate })}</p>}
      <Checkbox
        label={t('account.privacy.marketing')}
        checked={consents.marketingConsent}
        onChange={(agreed) => void change(agreed, true)}
      />
    </>
  );
}

function Erasure() {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  return (
    <section className="section">
      <h2>{t('account.privacy.erase')}</h2>
      <p>{t('account.privacy.eraseText')}</p>
      <Button onClick={() => setAsking(true)}>{t('account.privacy.eraseButton')}</Button>
      <EraseAccount open={asking} onClose={() => setAsking(false)} />
    </section>
  );
}
