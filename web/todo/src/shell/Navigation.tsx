import { Icon, IconButton, type IconName, Link, Menu, navigate, setTheme, useI18n, useKeyboard, useTheme } from '@slipway/ui';
import { useState } from 'react';
import { ListDialog } from '../sharing/ListDialog.tsx';
import { useInvitations } from '../sharing/useInvitations.ts';
import { useTodoState } from '../store/StoreContext.tsx';
import { ColorDot } from '../views/ColorDot.tsx';
import { ConnectionState } from './ConnectionState.tsx';
import { ServiceStatus } from './ServiceStatus.tsx';
import { SignOutDialog } from './SignOutDialog.tsx';
import type { SignedIn } from './useSession.ts';

const places: readonly { readonly view: string; readonly icon: IconName }[] = [
  { view: 'today', icon: 'today' },
  { view: 'upcoming', icon: 'upcoming' },
  { view: 'overdue', icon: 'overdue' },
  { view: 'inbox', icon: 'inbox' },
  { view: 'all', icon: 'list' },
  { view: 'completed', icon: 'done' },
  { view: 'insights', icon: 'insights' },
  { view: 'trash', icon: 'trash' },
];

interface NavigationProps {
  readonly session: SignedIn;
  readonly onFollow?: () => void;
}

export function Navigation({ session, onFollow }: NavigationProps) {
  const { t, formats } = useI18n();
  const { lists } = useTodoState();
  const keyboard = useKeyboard();
  const theme = useTheme();
  const invitations = useInvitations();
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const own = [...lists.values()]
    .filter((list) => !list.inbox)
    .sort((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : formats.compare(a.name, b.name)));
  const inbox = [...lists.values()].find((list) => list.inbox);

  return (
    <div className="navigation">
      <div className="navigation-head">
        <Link to="/today" className="wordmark" onClick={onFollow}>
          <img src="/icon.svg" alt="" width="24" height="24" />
          {t('todo.app.name')}
        </Link>
        <Menu
          label={t('todo.account.menu', { name: session.user.name || session.user.email })}
          icon="user"
          items={[
            {
              id: 'settings',
              label: t('todo.nav.settings'),
              icon: 'settings',
              onSelect: () => onFollowTo('/settings', onFollow),
            },
            { id: 'keys', label: t('ui.keys.title'), icon: 'keyboard', onSelect: keyboard.openHelp },
            {
              id: 'theme',
              label: t(theme === 'dark' ? 'todo.settings.theme.light' : 'todo.settings.theme.dark'),
              icon: 'moon',
              onSelect: () => setTheme(theme === 'dark' ? 'light' : 'dark'),
            },
            { id: 'out', label: t('todo.account.signOut'), separated: true, onSelect: () => setLeaving(true) },
          ]}
        />
      </div>
      <nav aria-label={t('todo.nav.title')}>
        <ul>
          {places.map((place) => (
            <li key={place.view}>
              <Link to={`/${place.view}`} className="nav-link" onClick={onFollow}>
                <Icon name={place.icon} />
                <span>{t(`todo.view.${place.view}`)}</span>
                {place.view === 'inbox' && <Count value={inbox?.openCount} />}
              </Link>
            </li>
          ))}
          {invitations.length > 0 && (
            <li>
              <Link to="/invitations" className="nav-link" onClick={onFollow}>
                <Icon name="mail" />
                <span>{t('todo.nav.invitations')}</span>
                <Count value={invitations.length} />
              </Link>
            </li>
          )}
        </ul>
        <div className="nav-section">
          <h2>{t('todo.nav.lists')}</h2>
          <IconButton icon="add" label={t('todo.list.new')} onClick={() => setMaking(true)} />
        </div>
        <ul>
          {own.map((list) => (
            <li key={list.id}>
              <Link to={`/lists/${list.id}`} className="nav-link" onClick={onFollow}>
                <ColorDot color={list.color} />
                <span>{list.name}</span>
                {list.shared && <Icon name="share" size={16} />}
                {list.shared && <span className="sr-only">{t('todo.list.shared')}</span>}
                <Count value={list.openCount} />
              </Link>
            </li>
          ))}
        </ul>
        {own.length === 0 && <p className="nav-hint">{t('todo.nav.lists.empty')}</p>}
      </nav>
      <div className="navigation-foot">
        <ConnectionState />
        <ServiceStatus />
      </div>
      {making && <ListDialog onClose={() => setMaking(false)} />}
      {leaving && <SignOutDialog session={session} onClose={() => setLeaving(false)} />}
    </div>
  );
}

function onFollowTo(path: string, onFollow: (() => void) | undefined): void {
  onFollow?.();
  navigate(path);
}

function Count({ value }: { readonly value: number | undefined }) {
  const { t, formats } = useI18n();
  if (!value) return null;
  return (
    <span className="nav-count">
      <span aria-hidden="true">{formats.number(value)}</span>
      <span className="sr-only">{t('todo.nav.open.count', { count: value })}</span>
    </span>
  );
}
