import { Banner, Button, ErrorState, Link, NoAnswerError, navigate, Skeleton, useI18n } from '@slipway/ui';
import { useEffect, useState } from 'react';
import { Entry } from '../page/Entry.tsx';
import { tokenFromAddress } from '../page/tokenFromAddress.ts';
import { rememberedContinuation, withContinuation } from '../wire/continuation.ts';
import { identity } from '../wire/identity.ts';

type State = { readonly kind: 'working' | 'done' | 'failed' | 'missing' } | { readonly kind: 'error'; readonly error: unknown };

/** Where the link of the mail leads. Opening it is the whole deed; there is nothing to fill in. */
export function VerifyPage() {
  const { t } = useI18n();
  const [token] = useState(tokenFromAddress);
  const [state, setState] = useState<State>({ kind: token ? 'working' : 'missing' });
  const [turn, setTurn] = useState(0);

  // A new turn is a new try.
  useEffect(() => {
    if (!token) return;
    let wanted = true;
    confirmOnce(token).then(
      () => wanted && setState({ kind: 'done' }),
      (error: unknown) => wanted && setState(error instanceof NoAnswerError ? { kind: 'error', error } : { kind: 'failed' }),
    );
    return () => {
      wanted = false;
    };
  }, [token, turn]);

  const retry = () => {
    if (token) confirmations.delete(token);
    setState({ kind: 'working' });
    setTurn(turn + 1);
  };
  return (
    <Entry title={t('account.verify.title')}>
      {state.kind === 'working' && <Skeleton lines={1} label={t('account.verify.working')} />}
      {state.kind === 'missing' && <Banner tone="warning">{t('account.verify.missing')}</Banner>}
      {state.kind === 'error' && <ErrorState error={state.error} onRetry={retry} />}
      {state.kind === 'failed' && (
        <>
          <Banner tone="warning">{t('account.verify.failed')}</Banner>
          <Link to="/register">{t('account.verify.again')}</Link>
        </>
      )}
      {state.kind === 'done' && (
        <>
          <Banner tone="success">{t('account.verify.done')}</Banner>
          <Button look="primary" wide onClick={() => navigate(withContinuation('/sign-in', rememberedContinuation()))}>
            {t('account.signIn.submit')}
          </Button>
        </>
      )}
    </Entry>
  );
}

/** A token is good for one use, so it is sent once however often the page is drawn. */
const confirmations = new Map<string, Promise<void>>();

function confirmOnce(token: string): Promise<void> {
  let confirmation = confirmations.get(token);
  if (!confirmation) {
    confirmation = identity.confirm(token);
    confirmations.set(token, confirmation);
  }
  return confirmation;
}
