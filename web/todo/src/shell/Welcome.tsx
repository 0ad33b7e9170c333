import { Icon, type IconName, Menu, signInUrl, useI18n, useLocation } from '@slipway/ui';

const points: readonly { readonly icon: IconName; readonly key: string }[] = [
  { icon: 'keyboard', key: 'todo.welcome.point.write' },
  { icon: 'offline', key: 'todo.welcome.point.offline' },
  { icon: 'share', key: 'todo.welcome.point.share' },
];

export function Welcome() {
  const { t, setLocale } = useI18n();
  const { path, search } = useLocation();
  const returnTo = path === '/' ? '/today' : path + search;
  return (
    <main className="door">
      <div className="welcome">
        <p className="wordmark">
          <img src="/icon.svg" alt="" width="28" height="28" />
          {t('todo.app.name')}
        </p>
        <h1>{t('todo.welcome.title')}</h1>
        <p className="lead">{t('todo.welcome.lead')}</p>
        <p className="row">
          <a className="button" data-look="primary" href={signInUrl(returnTo)}>
            {t('todo.welcome.signIn')}
          </a>
          <a className="button" data-look="secondary" href={signInUrl(returnTo, 'register')}>
            {t('todo.welcome.register')}
          </a>
        </p>
        <ul className="points">
          {points.map((point) => (
            <li key={point.key}>
              <Icon name={point.icon} />
              {t(point.key)}
            </li>
          ))}
        </ul>
        <Menu
          label={t('todo.settings.language')}
          caption={t('todo.settings.language')}
          align="start"
          items={[
            { id: 'en', label: t('todo.settings.language.en'), onSelect: () => setLocale('en') },
            { id: 'de', label: t('todo.settings.language.de'), onSelect: () => setLocale('de') },
          ]}
        />
      </div>
    </main>
  );
}
