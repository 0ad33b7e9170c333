import { Button, Dialog, Input, ProblemError, useI18n } from '@slipway/ui';
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import { identity } from '../wire/identity.ts';
import { FormShell } from './FormShell.tsx';
import { required, useForm } from './form.ts';
import { PasswordInput } from './PasswordInput.tsx';
import { useSession } from './Session.tsx';

type Guard = <T>(action: () => Promise<T>) => Promise<T>;

const Context = createContext<Guard | null>(null);

/** Runs a sensitive change; if the sign-in is too old for it, asks for the password once more and then repeats the change. */
export function useStepUp(): Guard {
  const guard = useContext(Context);
  if (!guard) throw new Error('useStepUp needs a StepUpProvider above it');
  return guard;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export function StepUpProvider({ children }: { readonly children: ReactNode }) {
  const [asking, setAsking] = useState(false);
  const waiting = useRef<Waiting | null>(null);

  const guard = useCallback<Guard>(async (action) => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'stepUpRequired') throw error;
      await new Promise<void>((resolve, reject) => {
        waiting.current = { resolve, reject: () => reject(error) };
        setAsking(true);
      });
      return await action();
    }
  }, []);

  const end = (confirmed: boolean) => {
    setAsking(false);
    if (confirmed) waiting.current?.resolve();
    else waiting.current?.reject(null);
    waiting.current = null;
  };

  return (
    <Context value={guard}>
      {children}
      {asking && <Confirmation onDone={() => end(true)} onClose={() => end(false)} />}
    </Context>
  );
}

function Confirmation({ onDone, onClose }: { readonly onDone: () => void; readonly onClose: () => void }) {
  const { t } = useI18n();
  const session = useSession();
  const [challenge, setChallenge] = useState<string | null>(null);
  const form = useForm(
    { password: '', code: '' },
    { password: required('password'), code: (values) => (challenge ? required<typeof values>('code')(values) : null) },
  );
  const confirm = form.submit(async ({ password, code }) => {
    const answer = challenge
      ? await identity.secondFactor(challenge, { code: code.trim() })
      : await identity.signIn(session.current?.user?.email ?? '', password);
    if (answer.state === 'twoFactorRequired' && answer.challengeId) {
      setChallenge(answer.challengeId);
      return;
    }
    await session.reload();
    onDone();
  });
  return (
    <Dialog open size="small" title={t('account.stepUp.title')} onClose={onClose}>
      <FormShell form={form} onSubmit={confirm}>
        <p>{t(challenge ? 'account.code.lead' : 'account.stepUp.text')}</p>
        {challenge ? (
          <Input {...form.text('code', t('account.code.label'))} inputMode="numeric" autoComplete="one-time-code" data-autofocus />
        ) : (
          <PasswordInput {...form.text('password', t('account.field.password'))} autoComplete="current-password" data-autofocus />
        )}
        <Button type="submit" look="primary" busy={form.busy}>
          {t('account.stepUp.submit')}
        </Button>
      </FormShell>
    </Dialog>
  );
}
