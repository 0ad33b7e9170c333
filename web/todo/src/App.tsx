import { ErrorState, useI18n, useTitle } from '@slipway/ui';
import { ClientProvider } from './contract/ClientContext.tsx';
import { Opening } from './shell/Opening.tsx';
import { Shell } from './shell/Shell.tsx';
import { useSession } from './shell/useSession.ts';
import { Welcome } from './shell/Welcome.tsx';
import { StoreProvider } from './store/StoreContext.tsx';

/** Three pages in one: a door for those who are outside, the todos for those who are in, and the moment between. */
export function App() {
  const { t } = useI18n();
  useTitle(t('todo.app.name'));
  const session = useSession();
  if (session.kind === 'opening') return <Opening />;
  if (session.kind === 'failed') {
    return (
      <main className="door">
        <ErrorState error={session.error} onRetry={session.retry} />
      </main>
    );
  }
  if (session.kind === 'signedOut') return <Welcome />;
  return (
    <ClientProvider client={session.client}>
      <StoreProvider store={session.store}>
        <Shell session={session} />
      </StoreProvider>
    </ClientProvider>
  );
}
