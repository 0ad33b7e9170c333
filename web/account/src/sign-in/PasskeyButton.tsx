import { Button, explain, useI18n } from '@slipway/ui';
import { useState } from 'react';
import { knowsPasskeys, PasskeyStopped, signInWithPasskey } from '../wire/passkeys.ts';

export interface PasskeyButtonProps {
  readonly onDone: (mustEnrol: boolean) => Promise<void>;
  readonly onFailure: (text: string | null) => void;
}

/** The device says who it is and proves it; there is nothing to type. */
export function PasskeyButton({ onDone, onFailure }: PasskeyButtonProps) {
  const i18n = useI18n();
  const { t } = i18n;
  const [busy, setBusy] = useState(false);
  if (!knowsPasskeys()) return null;

  const signIn = async () => {
    setBusy(true);
    onFailure(null);
    try {
      const answer = await signInWithPasskey();
      await onDone(answer.state === 'enrolTwoFactor');
    } catch (error) {
      onFailure(error instanceof PasskeyStopped ? t('account.passkeys.stopped') : explain(error, i18n));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button wide icon="key" busy={busy} onClick={() => void signIn()}>
      {t('account.signIn.passkey')}
    </Button>
  );
}
