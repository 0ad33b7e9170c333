import { Banner, Button, ErrorState, explain, navigate, Skeleton, useI18n, useSearch, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { Frame } from '../page/Frame.tsx';
import { useSession } from '../page/Session.tsx';
import { useStepUp } from '../page/StepUp.tsx';
import { useLoad } from '../page/useLoad.ts';
import { isOwnPage } from '../sign-in/SignInPage.tsx';
import { safeContinuation } from '../wire/continuation.ts';
import { identity } from '../wire/identity.ts';
import type { TwoFactorSetup, TwoFactorState } from '../wire/types.ts';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import { SetUpTwoFactor } from './SetUpTwoFactor.tsx';
import { TurnOffTwoFactor } from './TurnOffTwoFactor.tsx';

export function TwoFactorPage() {
  const { t } = useI18n();
  return (
    <Frame title={t('account.twoFactor.title')} lead={t('account.twoFactor.lead')}>
      <TwoFactor />
    </Frame>
  );
}

function TwoFactor() {
  const i18n = useI18n();
  const { t } = i18n;
  const toasts = useToasts();
  const session = useSession();
  const stepUp = useStepUp();
  const [search] = useSearch();
  const [setup, setSetup] = useState<TwoFactorSetup | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [turningOff, setTurningOff] = useState(false);
  const [busy, setBusy] = useState(false);
  // Somebody who must set it up may do nothing else yet, not even ask whether it is on.
  const mustEnrol = session.current?.state === 'enrolTwoFactor';
  const state = useLoad<TwoFactorState>(
    async () => (mustEnrol ? { enabled: false, mandatory: true, recoveryCodesLeft: 0 } : await identity.twoFactor()),
    String(mustEnrol),
  );

  const attempt = async (action: () => Promise<void>) => {
    setBusy(true);
    try {
      await action();
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger', key: 'two-factor' });
    } finally {
      setBusy(false);
    }
  };
  const begin = () => attempt(async () => setSetup(await stepUp(identity.setUpTwoFactor)));
  const renew = () =>
    attempt(async () => {
      setCodes((await stepUp(identity.newRecoveryCodes)).recoveryCodes);
      state.reload();
    });
  const turnedOn = async () => {
    setSetup(null);
    toasts.show({ text: t('account.twoFactor.turnedOn') });
    await session.reload();
    state.reload();
    const to = safeContinuation(search.get('continue'));
    if (to && !isOwnPage(to)) window.location.replace(to);
    else if (to) navigate(to, { replace: true });
  };

  if (setup) return <SetUpTwoFactor setup={setup} onDone={turnedOn} onCancel={() => setSetup(null)} />;
  if (state.error) return <ErrorState error={state.error} onRetry={state.reload} />;
  if (!state.data) return <Skeleton lines={2} />;
  if (!state.data.enabled) {
    return (
      <div className="stack narrow">
        {state.data.mandatory ? <Banner tone="warning">{t('account.twoFactor.mustEnrol')}</Banner> : <p>{t('account.twoFactor.off')}</p>}
        <div className="row">
          <Button look="primary" busy={busy} onClick={() => void begin()}>
            {t('account.twoFactor.begin')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="stack">
      <Banner tone="success">{t('account.twoFactor.on')}</Banner>
      <p>{t('account.twoFactor.left', { count: state.data.recoveryCodesLeft })}</p>
      {codes && <RecoveryCodes codes={codes} email={session.current?.user?.email ?? ''} />}
      <div className="row">
        <Button busy={busy} onClick={() => void renew()} title={t('account.twoFactor.newCodesText')}>
          {t('account.twoFactor.newCodes')}
        </Button>
        {!state.data.mandatory && (
          <Button look="quiet" onClick={() => setTurningOff(true)}>
            {t('account.twoFactor.turnOff')}
          </Button>
        )}
      </div>
      <TurnOffTwoFactor
        open={turningOff}
        onClose={() => setTurningOff(false)}
        onDone={() => {
          setTurningOff(false);
          setCodes(null);
          state.reload();
          void session.reload().catch(() => undefined);
          toasts.show({ text: t('account.twoFactor.turnedOff') });
        }}
      />
    </div>
  );
}
