import { Banner, ErrorState, NoAnswerError, Skeleton, useI18n } from '@slipway/ui';
import { type ReactNode, useEffect, useState } from 'react';
import { Entry } from './Entry.tsx';
import { tokenFromAddress } from './tokenFromAddress.ts';

type State = { readonly kind: 'working' | 'done' | 'failed' | 'missing' } | { readonly kind: 'error'; readonly error: unknown };

export interface OneTimeLinkProps {
  readonly title: string;
  readonly send: (token: string) => Promise<unknown>;
  readonly done: ReactNode;
  readonly failed: ReactNode;
}

/** Where the link of a mail leads that does one thing. Opening it is the whole deed; there is nothing to fill in. */
export function OneTimeLink({ title, send, done, failed }: OneTimeLinkProps) {
  const { t } = useI18n();
  const [token] = useState(tokenFromAddress);
  const [state, setState] = useState<State>({ kind: token ? 'working' : 'missing' });
  const [turn, setTurn] = useState(0);

  // A new turn is a new try.
  useEffect(() => {
    if (!token) return;
    let wanted = true;
    sendOnce(token, send).then(
      () => wanted && setState({ kind: 'done' }),
      (error: unknown) => wanted && setState(error instanceof NoAnswerError ? { kind: 'error', error } : { kind: 'failed' }),
    );
    return () => {
      wanted = false;
    };
  }, [token, turn, send]);

  const retry = () => {
    if (token) uses.delete(token);
    setState({ kind: 'working' });
    setTurn(turn + 1);
  };
  return (
    <Entry title={title}>
      {state.kind === 'working' && <Skeleton lines={1} label={t('account.verify.working')} />}
      {state.kind === 'missing' && <Banner tone="warning">{t('account.verify.missing')}</Banner>}
      {state.kind === 'error' && <ErrorState error={state.error} onRetry={retry} />}
      {state.kind === 'failed' && failed}
      {state.kind === 'done' && done}
    </Entry>
  );
}

/** A token is good for one use, so it is sent once however often the page is drawn. */
const uses = new Map<string, Promise<unknown>>();

function sendOnce(token: string, send: (token: string) => Promise<unknown>): Promise<unknown> {
  let running = uses.get(token);
  if (!running) {
    running = send(token);
    uses.set(token, running);
  }
  return running;
}
