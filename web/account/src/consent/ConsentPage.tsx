import { Banner, Button, explain, Skeleton, useI18n, useLocation } from '@slipway/ui';
import { useState } from 'react';
import { Entry } from '../page/Entry.tsx';
import { useStepUp } from '../page/StepUp.tsx';
import { useLoad } from '../page/useLoad.ts';
import { identity } from '../wire/identity.ts';

/** A program that is not ours asks to act for the person. What it may do is said in words before anything is granted. */
export function ConsentPage() {
  const i18n = useI18n();
  const { t, has } = i18n;
  const stepUp = useStepUp();
  const { search: query } = useLocation();
  const [busy, setBusy] = useState<'allow' | 'deny' | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const request = useLoad(() => identity.consent(query), query);

  const decide = async (allow: boolean) => {
    setBusy(allow ? 'allow' : 'deny');
    setFailure(null);
    try {
      const { location } = await stepUp(() => identity.decide(query, allow));
      window.location.replace(location);
    } catch (error) {
      setFailure(explain(error, i18n));
      setBusy(null);
    }
  };

  if (!request.data) {
    return (
      <Entry title={t('account.app')}>
        {request.error ? <Banner tone="danger">{explain(request.error, i18n)}</Banner> : <Skeleton lines={3} />}
      </Entry>
    );
  }
  const { client, email, scopes } = request.data;
  return (
    <Entry
      title={t('account.consent.title', { client: client.name })}
      lead={t('account.consent.lead', { client: client.name, email })}
      foot={<p>{t('account.consent.hint')}</p>}
    >
      {failure && <Banner tone="danger">{failure}</Banner>}
      <ul className="scopes">
        {scopes.map((scope) => (
          <li key={scope}>{has(`account.scope.${scope}`) ? t(`account.scope.${scope}`) : <code>{scope}</code>}</li>
        ))}
      </ul>
      <p>{t('account.consent.returns', { place: client.returnsTo })}</p>
      <Button look="primary" wide busy={busy === 'allow'} onClick={() => void decide(true)}>
        {t('account.consent.allow')}
      </Button>
      <Button wide busy={busy === 'deny'} onClick={() => void decide(false)}>
        {t('account.consent.deny')}
      </Button>
    </Entry>
  );
}
