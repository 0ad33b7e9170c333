import { Button, explain, Icon, type IconName, Link, Menu, navigate, useI18n, useTitle, useToasts } from '@slipway/ui';
import type { ReactNode } from 'react';
import { Brand } from './Brand.tsx';
import { Preferences } from './Preferences.tsx';
import { useSession } from './Session.tsx';

interface Place {
  readonly to: string;
  readonly icon: IconName;
  readonly text: string;
}

const own: readonly Place[] = [
  { to: '/account', icon: 'user', text: 'account.profile.title' },
  { to: '/account/password', icon: 'lock', text: 'account.password.title' },
  { to: '/account/passkeys', icon: 'check', text: 'account.passkeys.title' },
  { to: '/account/two-factor', icon: 'done', text: 'account.twoFactor.title' },
  { to: '/account/sessions', icon: 'keyboard', text: 'account.sessions.title' },
  { to: '/account/api-keys', icon: 'key', text: 'account.keys.title' },
  { to: '/account/privacy', icon: 'info', text: 'account.privacy.title' },
  { to: '/account/activity', icon: 'history', text: 'account.activity.title' },
];

const admin: readonly Place[] = [
  { to: '/admin/users', icon: 'share', text: 'account.admin.users' },
  { to: '/admin/audit', icon: 'list', text: 'account.admin.audit' },
];

export interface FrameProps {
  readonly title: string;
  readonly lead?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of the pages inside: where one can go at the side, on a phone behind one button. */
export function Frame({ title, lead, actions, children }: FrameProps) {
  const { t } = useI18n();
  useTitle(t('account.title', { page: title }));
  return (
    <div className="frame">
      <a className="skip-link" href="#main">
        {t('ui.action.skip')}
      </a>
      <TopBar />
      <nav className="frame-nav" aria-label={t('account.menu')}>
        <Places />
      </nav>
      <main className="frame-main" id="main" tabIndex={-1}>
        <header className="page-head">
          <div>
            <h1>{title}</h1>
            {lead && <p className="lead">{lead}</p>}
          </div>
          {actions && <div className="row">{actions}</div>}
        </header>
        {children}
      </main>
    </div>
  );
}

function Places() {
  const { t } = useI18n();
  const isAdmin = useSession().current?.user?.role === 'admin';
  return (
    <>
      <PlaceList places={own} />
      {isAdmin && (
        <>
          <p className="nav-title">{t('account.menu.admin')}</p>
          <PlaceList places={admin} />
        </>
      )}
    </>
  );
}

function PlaceList({ places }: { readonly places: readonly Place[] }) {
  const { t } = useI18n();
  return (
    <ul>
      {places.map(({ to, icon, text }) => (
        <li key={to}>
          <Link to={to}>
            <Icon name={icon} />
            {t(text)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function TopBar() {
  const i18n = useI18n();
  const { t } = i18n;
  const session = useSession();
  const toasts = useToasts();
  const isAdmin = session.current?.user?.role === 'admin';
  const places = isAdmin ? [...own, ...admin] : own;
  const leave = async () => {
    try {
      await session.signOut();
      navigate('/sign-in?signedOut=1');
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger' });
    }
  };
  return (
    <header className="frame-top">
      <div className="frame-places">
        <Menu
          label={t('account.menu')}
          icon="menu"
          align="start"
          items={[
            ...places.map(({ to, icon, text }) => ({ id: to, icon, label: t(text), onSelect: () => navigate(to) })),
            { id: 'leave', icon: 'right', label: t('account.signOut'), separated: true, onSelect: () => void leave() },
          ]}
        />
      </div>
      <Brand />
      <span className="frame-who">{session.current?.user?.email}</span>
      <Preferences />
      <div className="frame-leave">
        <Button look="quiet" onClick={() => void leave()}>
          {t('account.signOut')}
        </Button>
      </div>
    </header>
  );
}
