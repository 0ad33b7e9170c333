import { Dialog, navigate, Routes, useI18n } from '@slipway/ui';
import { useEffect, useMemo, useState } from 'react';
import { ConflictDialog } from '../conflict/ConflictDialog.tsx';
import { EditorDialog } from '../editor/EditorDialog.tsx';
import { InsightsPage } from '../insights/InsightsPage.tsx';
import { SettingsPage } from '../settings/SettingsPage.tsx';
import { InvitationsPage } from '../sharing/InvitationsPage.tsx';
import { useOpenTodo, useStore, useTodoState } from '../store/StoreContext.tsx';
import { ListPage } from '../views/ListPage.tsx';
import { NotFound } from '../views/NotFound.tsx';
import { ViewPage } from '../views/ViewPage.tsx';
import { Navigation } from './Navigation.tsx';
import { Notices } from './Notices.tsx';
import { ShellKeys } from './ShellKeys.tsx';
import { SyncBanner } from './SyncBanner.tsx';
import { TabBar } from './TabBar.tsx';
import type { SignedIn } from './useSession.ts';

export function Shell({ session }: { readonly session: SignedIn }) {
  const { t } = useI18n();
  const store = useStore();
  const { openId, close } = useOpenTodo();
  const [drawer, setDrawer] = useState(false);
  const { changes } = useTodoState();
  const conflicts = changes.filter((change) => change.state === 'conflict').length;
  const [deciding, setDeciding] = useState(true);

  // Every new conflict asks once; after “later” it waits in a line above the page.
  useEffect(() => {
    if (conflicts > 0) setDeciding(true);
  }, [conflicts]);

  useEffect(() => {
    void store.loadLists().catch(() => {});
  }, [store]);

  const routes = useMemo(
    () => [
      { path: '/', render: () => <Redirect to="/today" /> },
      ...(['inbox', 'today', 'overdue', 'upcoming', 'all', 'completed', 'trash'] as const).map((view) => ({
        path: `/${view}`,
        render: () => <ViewPage key={view} view={view} />,
      })),
      { path: '/lists/:id', render: ({ id = '' }: Readonly<Record<string, string>>) => <ListPage key={id} listId={id} /> },
      { path: '/insights', render: () => <InsightsPage /> },
      { path: '/invitations', render: () => <InvitationsPage /> },
      { path: '/settings', render: () => <SettingsPage session={session} /> },
      { path: '*', render: () => <NotFound /> },
    ],
    [session],
  );

  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t('ui.action.skip')}
      </a>
      <ShellKeys />
      <aside className="side" aria-label={t('todo.app.name')}>
        <Navigation session={session} />
      </aside>
      <main id="main" tabIndex={-1}>
        <SyncBanner conflicts={deciding ? 0 : conflicts} onDecide={() => setDeciding(true)} />
        <Routes routes={routes} />
      </main>
      <TabBar onMore={() => setDrawer(true)} />
      <Dialog open={drawer} onClose={() => setDrawer(false)} title={t('todo.nav.title')} size="side">
        <Navigation session={session} onFollow={() => setDrawer(false)} />
      </Dialog>
      {openId && <EditorDialog key={openId} id={openId} onClose={close} />}
      {deciding && conflicts > 0 && <ConflictDialog onLater={() => setDeciding(false)} />}
      <Notices />
    </div>
  );
}

function Redirect({ to }: { readonly to: string }) {
  useEffect(() => navigate(to, { replace: true }), [to]);
  return null;
}
