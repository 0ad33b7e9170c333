import { Menu, setTheme, type Theme, useI18n, useTheme } from '@slipway/ui';

const languages = [
  { id: 'en', label: 'English' },
  { id: 'de', label: 'Deutsch' },
] as const;

const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** Languages are written in themselves, so that whoever landed in a foreign one finds the way out. */
export function Preferences() {
  const { t, locale, setLocale } = useI18n();
  const theme = useTheme();
  const language = languages.find(({ id }) => id === locale)?.label ?? locale;
  return (
    <div className="preferences">
      <Menu
        label={t('account.language', { language })}
        caption={language}
        items={languages.map(({ id, label }) => ({ id, label, checked: locale === id, onSelect: () => setLocale(id) }))}
      />
      <Menu
        label={t('account.theme')}
        icon="moon"
        items={themes.map((id) => ({ id, label: t(`account.theme.${id}`), checked: theme === id, onSelect: () => setTheme(id) }))}
      />
    </div>
  );
}
