import { ErrorState, navigate, Skeleton } from '@slipway/ui';
import { type ReactNode, useEffect } from 'react';
import { withContinuation } from '../wire/continuation.ts';
import { useSession } from './Session.tsx';
import { StepUpProvider } from './StepUp.tsx';

/** Shows its children to people who are signed in and sends everybody else to the door, from where they come back here. */
export function SignedIn({ children }: { readonly children: ReactNode }) {
  const { current, error, reload } = useSession();
  const outside = current !== null && !current.authenticated;
  useEffect(() => {
    if (outside) navigate(withContinuation('/sign-in', window.location.pathname + window.location.search), { replace: true });
  }, [outside]);
  if (!current && error) return <ErrorState error={error} onRetry={() => void reload().catch(() => undefined)} />;
  if (!current || outside) return <Skeleton lines={4} />;
  return <StepUpProvider>{children}</StepUpProvider>;
}
