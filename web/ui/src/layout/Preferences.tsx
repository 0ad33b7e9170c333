import { useI18n } from '../i18n/I18n.tsx';
import { Menu } from '../overlay/Menu.tsx';
import { setTheme, type Theme, useTheme } from './theme.ts';

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
      label={t('ui.preferences')}
      icon="settings"
      items={[
        ...languages.map(({ id, label }) => ({ id, label, checked: locale === id, onSelect: () => setLocale(id) })),
        ...themes.map((id, index) => ({
          id: `theme-${id}`,
          label: t(`ui.theme.${id}`),
          checked: theme === id,
          separated: index === 0,
          onSelect: () => setTheme(id),
        })),
      ]}
    />
  );
}
