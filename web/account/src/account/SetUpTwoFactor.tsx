import { Button, Input, useI18n } from '@slipway/ui';
import { FormShell } from '../page/FormShell.tsx';
import { required, useForm } from '../page/form.ts';
import { useSession } from '../page/Session.tsx';
import { identity } from '../wire/identity.ts';
import type { TwoFactorSetup } from '../wire/types.ts';
import { RecoveryCodes } from './RecoveryCodes.tsx';

export interface SetUpTwoFactorProps {
  readonly setup: TwoFactorSetup;
  readonly onDone: () => Promise<void>;
  readonly onCancel: () => void;
}

/** Nothing is on until a code from the app has come back, so a mistyped key locks nobody out. */
export function SetUpTwoFactor({ setup, onDone, onCancel }: SetUpTwoFactorProps) {
  const { t } = useI18n();
  const session = useSession();
  const form = useForm({ code: '' }, { code: required('code') });
  const confirm = form.submit(async ({ code }) => {
    await identity.confirmTwoFactor(code.replace(/\s/g, ''));
    await onDone();
  });
  return (
    <div className="setup">
      <section className="setup-step">
        <h2>{t('account.twoFactor.scan')}</h2>
        <img className="qr" src={setup.qrCodePng} alt={t('account.twoFactor.qr')} />
        <p>{t('account.twoFactor.secret')}</p>
        <code className="secret" data-testid="secret">
          {setup.secret.match(/.{1,4}/g)?.join(' ')}
        </code>
      </section>
      <section className="setup-step">
        <h2>{t('account.twoFactor.keep')}</h2>
        <RecoveryCodes codes={setup.recoveryCodes} email={session.current?.user?.email ?? ''} />
      </section>
      <section className="stack narrow">
        <h2>{t('account.twoFactor.confirm')}</h2>
        <FormShell form={form} onSubmit={confirm}>
          <Input {...form.text('code', t('account.code.label'))} inputMode="numeric" autoComplete="one-time-code" maxLength={12} />
          <div className="row">
            <Button type="submit" look="primary" busy={form.busy}>
              {t('account.twoFactor.turnOn')}
            </Button>
            <Button look="quiet" onClick={onCancel}>
              {t('ui.action.cancel')}
            </Button>
          </div>
        </FormShell>
      </section>
    </div>
  );
}
