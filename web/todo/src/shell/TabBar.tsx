import { Icon, type IconName, Link, useI18n } from '@slipway/ui';

const tabs: readonly { readonly view: string; readonly icon: IconName }[] = [
  { view: 'today', icon: 'today' },
  { view: 'upcoming', icon: 'upcoming' },
  { view: 'inbox', icon: 'inbox' },
];

/** On a phone the three places people go to most are under the thumb; the rest is one tap away. */
export function TabBar({ onMore }: { readonly onMore: () => void }) {
  const { t } = useI18n();
  return (
    <nav className="tab-bar" aria-label={t('todo.nav.tabs')}>
      {tabs.map((tab) => (
        <Link key={tab.view} to={`/${tab.view}`}>
          <Icon name={tab.icon} />
          {t(`todo.view.${tab.view}`)}
        </Link>
      ))}
      <button type="button" onClick={onMore}>
        <Icon name="menu" />
        {t('todo.nav.more')}
      </button>
    </nav>
  );
}
