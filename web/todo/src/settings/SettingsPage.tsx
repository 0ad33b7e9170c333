import { Checkbox, Select, setTheme, type Theme, useI18n, useKeyboard, useTheme, useTitle } from '@slipway/ui';
import type { SignedIn } from '../shell/useSession.ts';
import { ExportPanel } from '../transfer/ExportPanel.tsx';
import { ImportPanel } from '../transfer/ImportPanel.tsx';

export function SettingsPage({ session }: { readonly session: SignedIn }) {
  const { t, locale, setLocale } = useI18n();
  const theme = useTheme();
  const { singleKeys, setSingleKeys } = useKeyboard();
  useTitle(t('todo.page.title', { page: t('todo.nav.settings') }));
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('todo.nav.settings')}</h1>
      </header>
      <section className="panel">
        <h2>{t('todo.settings.look')}</h2>
        <div className="pair">
          <Select
            label={t('todo.settings.language')}
            value={locale}
            onChange={setLocale}
            options={[
              { value: 'en', label: t('todo.settings.language.en') },
              { value: 'de', label: t('todo.settings.language.de') },
            ]}
          />
          <Select
            label={t('todo.settings.theme')}
            value={theme}
            onChange={(value) => setTheme(value as Theme)}
            options={(['system', 'light', 'dark'] as const).map((value) => ({
              value,
              label: t(`todo.settings.theme.name.${value}`),
            }))}
          />
        </div>
        <Checkbox label={t('ui.keys.single')} hint={t('ui.keys.single.hint')} checked={singleKeys} onChange={setSingleKeys} />
      </section>
      <ImportPanel />
      <ExportPanel />
      <section className="panel">
        <h2>{t('todo.settings.account')}</h2>
        <p>{t('todo.settings.signedInAs', { email: session.user.email })}</p>
      </section>
    </div>
  );
}
