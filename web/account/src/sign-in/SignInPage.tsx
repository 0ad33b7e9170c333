import { Banner, Button, Input, Link, navigate, Skeleton, useI18n, useSearch } from '@slipway/ui';
import { useState } from 'react';
import { Entry } from '../page/Entry.tsx';
import { FormShell } from '../page/FormShell.tsx';
import { emailAddress, required, useForm } from '../page/form.ts';
import { PasswordInput } from '../page/PasswordInput.tsx';
import { useSession } from '../page/Session.tsx';
import { forgetContinuation, rememberedContinuation, safeContinuation, withContinuation } from '../wire/continuation.ts';
import { identity } from '../wire/identity.ts';
import { PasskeyButton } from './PasskeyButton.tsx';
import { SecondStep } from './SecondStep.tsx';

/** The front door: password, then the second step if the account has one, then on to where the person wanted to go. */
export function SignInPage() {
  const { t } = useI18n();
  const [search] = useSearch();
  const session = useSession();
  const [challenge, setChallenge] = useState<string | null>(null);
  const [again, setAgain] = useState(false);
  const asked = safeContinuation(search.get('continue'));

  const goOn = async (mustEnrol: boolean) => {
    await session.reload();
    const to = asked ?? rememberedContinuation();
    forgetContinuation();
    if (mustEnrol) navigate(withContinuation('/account/two-factor', to), { replace: true });
    else if (to && !isOwnPage(to)) window.location.replace(to);
    else navigate(to ?? '/account', { replace: true });
  };

  if (!session.current && !session.error) {
    return (
      <Entry title={t('account.signIn.title')}>
        <Skeleton lines={3} />
      </Entry>
    );
  }
  if (challenge) {
    return <SecondStep challengeId={challenge} onDone={goOn} onStartOver={() => setChallenge(null)} />;
  }
  // Whoever is sent here with a place to go to is asked on purpose: their sign-in is too old or too weak for it.
  if (session.current?.authenticated && !again && !asked) {
    return <Already email={session.current.user?.email ?? ''} onContinue={() => void goOn(false)} onOther={() => setAgain(true)} />;
  }
  return (
    <PasswordStep
      continuation={asked}
      email={search.get('email') ?? ''}
      signedOut={search.has('signedOut')}
      onChallenge={setChallenge}
      onDone={goOn}
    />
  );
}

/** Pages of this script are changed without loading them; everything else on this host is the server's. */
export function isOwnPage(path: string): boolean {
  return /^\/(account|admin)(\/|\?|$)/.test(path);
}

interface PasswordStepProps {
  readonly continuation: string | null;
  readonly email: string;
  readonly signedOut: boolean;
  readonly onChallenge: (id: string) => void;
  readonly onDone: (mustEnrol: boolean) => Promise<void>;
}

function PasswordStep({ continuation, email, signedOut, onChallenge, onDone }: PasswordStepProps) {
  const { t } = useI18n();
  const form = useForm({ email, password: '' }, { email: emailAddress('email'), password: required('password') });
  const signIn = form.submit(async ({ email, password }) => {
    const answer = await identity.signIn(email.trim(), password);
    if (answer.state === 'twoFactorRequired' && answer.challengeId) onChallenge(answer.challengeId);
    else await onDone(answer.state === 'enrolTwoFactor');
  });
  return (
    <Entry
      title={t('account.signIn.title')}
      lead={t('account.signIn.lead')}
      foot={
        <p>
          {t('account.signIn.new')} <Link to={withContinuation('/register', continuation)}>{t('account.signIn.register')}</Link>
        </p>
      }
    >
      {signedOut && <Banner tone="success">{t('account.signIn.signedOut')}</Banner>}
      <FormShell form={form} onSubmit={signIn}>
        <Input
          {...form.text('email', t('account.field.email'))}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordInput {...form.text('password', t('account.field.password'))} autoComplete="current-password" />
        <Button type="submit" look="primary" wide busy={form.busy}>
          {t('account.signIn.submit')}
        </Button>
        <PasskeyButton onDone={onDone} onFailure={form.setFailure} />
        <div className="aside">
          <Link to={withContinuation('/forgot', continuation)}>{t('account.signIn.forgot')}</Link>
        </div>
      </FormShell>
    </Entry>
  );
}

interface AlreadyProps {
  readonly email: string;
  readonly onContinue: () => void;
  readonly onOther: () => void;
}

function Already({ email, onContinue, onOther }: AlreadyProps) {
  const { t } = useI18n();
  return (
    <Entry title={t('account.signIn.title')} lead={t('account.signIn.already', { email })}>
      <Button look="primary" wide onClick={onContinue}>
        {t('account.signIn.continue')}
      </Button>
      <Button wide onClick={onOther}>
        {t('account.signIn.other')}
      </Button>
    </Entry>
  );
}
