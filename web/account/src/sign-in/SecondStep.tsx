import { Button, Input, ProblemError, useI18n } from '@slipway/ui';
import { useEffect, useState } from 'react';
import { Entry } from '../page/Entry.tsx';
import { FormShell } from '../page/FormShell.tsx';
import { required, useForm } from '../page/form.ts';
import { identity } from '../wire/identity.ts';

export interface SecondStepProps {
  readonly challengeId: string;
  readonly onDone: (mustEnrol: boolean) => Promise<void>;
  readonly onStartOver: () => void;
}

export function SecondStep({ challengeId, onDone, onStartOver }: SecondStepProps) {
  const { t } = useI18n();
  const [way, setWay] = useState<'app' | 'recovery'>('app');
  const [over, setOver] = useState(false);
  const form = useForm({ code: '' }, { code: required('code') });
  const send = form.submit(async ({ code }) => {
    try {
      const answer = await identity.secondFactor(
        challengeId,
        way === 'app' ? { code: code.replace(/\s/g, '') } : { recoveryCode: code.trim() },
      );
      await onDone(answer.state === 'enrolTwoFactor');
    } catch (error) {
      setOver(error instanceof ProblemError && endsChallenge(error));
      throw error;
    }
  });

  // Focus moves to the field as soon as the step appears: what there is to do is to type a code.
  useEffect(() => {
    document.querySelector<HTMLInputElement>('main input')?.focus();
  }, []);

  const change = () => {
    setWay(way === 'app' ? 'recovery' : 'app');
    form.set('code', '');
    form.setFailure(null);
  };
  return (
    <Entry
      title={t('account.code.title')}
      lead={t(way === 'app' ? 'account.code.lead' : 'account.code.recoveryLead')}
      foot={
        <button type="button" className="link-button" onClick={onStartOver}>
          {t('account.code.startOver')}
        </button>
      }
    >
      <FormShell form={form} onSubmit={send}>
        <Code way={way} field={form.text('code', t(way === 'app' ? 'account.code.label' : 'account.code.recoveryLabel'))} />
        {over ? (
          <>
            <p>{t('account.code.expired')}</p>
            <Button look="primary" wide onClick={onStartOver}>
              {t('account.code.startOver')}
            </Button>
          </>
        ) : (
          <Button type="submit" look="primary" wide busy={form.busy}>
            {t('account.code.submit')}
          </Button>
        )}
        <button type="button" className="link-button" onClick={change}>
          {t(way === 'app' ? 'account.code.useRecovery' : 'account.code.useApp')}
        </button>
      </FormShell>
    </Entry>
  );
}

interface CodeProps {
  readonly way: 'app' | 'recovery';
  readonly field: Pick<Parameters<typeof Input>[0], 'value' | 'onChange' | 'onBlur' | 'error' | 'id' | 'name' | 'label'>;
}

function Code({ way, field }: CodeProps) {
  return way === 'app' ? (
    <Input {...field} inputMode="numeric" autoComplete="one-time-code" maxLength={12} spellCheck={false} />
  ) : (
    <Input {...field} autoComplete="off" autoCapitalize="characters" maxLength={40} spellCheck={false} />
  );
}

/** A challenge that is spent or too old answers every further code the same way; then only the password helps. */
function endsChallenge(error: ProblemError): boolean {
  return ['challengeExpired', 'challengeSpent', 'challengeUnknown', 'notFound', 'gone'].includes(error.code) || error.status === 410;
}
