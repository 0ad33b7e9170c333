import { Menu, setTheme, type Theme, useI18n, useTheme } from '@slipway/ui';

const languages = [
  { id: 'en', label: 'English' },
  { id: 'de', label: 'Deutsch' },
] as const;

const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** Language and appearance behind one button. Languages are written in themselves, for whoever landed in a foreign one. */
export function Preferences() {
  const { t, locale, setLocale } = useI18n();
  const theme = useTheme();
  return (
    <Menu
      label={t('shop.preferences')}
      icon="settings"
      items={[
        ...languages.map(({ id, label }) => ({ id, label, checked: locale === id, onSelect: () => setLocale(id) })),
        ...themes.map((id, index) => ({
          id: `theme-${id}`,
          label: t(`shop.theme.${id}`),
          checked: theme === id,
          separated: index === 0,
          onSelect: () => setTheme(id),
        })),
      ]}
    />
  );
}
