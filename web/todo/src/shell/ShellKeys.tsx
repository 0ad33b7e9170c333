import { navigate, useBindings, useI18n } from '@slipway/ui';
import { useMemo } from 'react';

const goes = [
  ['t', 'today'],
  ['u', 'upcoming'],
  ['o', 'overdue'],
  ['i', 'inbox'],
  ['a', 'all'],
  ['c', 'completed'],
  ['n', 'insights'],
  ['s', 'settings'],
] as const;

/** Keys that work everywhere. Those of a list are offered by the list. */
export function ShellKeys() {
  const { t } = useI18n();
  const bindings = useMemo(() => {
    const go = t('todo.keys.group.go');
    const general = t('ui.keys.group.general');
    return [
      { id: 'todo.new', keys: 'n', label: t('todo.keys.new'), group: general, run: () => focusOn('#quick-add') },
      { id: 'todo.search', keys: '/', label: t('todo.keys.search'), group: general, run: () => focusOn('#search') },
      ...goes.map(([key, view]) => ({
        id: `todo.go.${view}`,
        keys: `g ${key}`,
        label: t(view === 'settings' ? 'todo.nav.settings' : `todo.view.${view}`),
        group: go,
        run: () => navigate(`/${view}`),
      })),
    ];
  }, [t]);
  useBindings(bindings);
  return null;
}

function focusOn(selector: string): void {
  const element = document.querySelector<HTMLElement>(selector);
  if (element) element.focus();
  else {
    // Pages without the field lead to one that has it.
    navigate('/today');
    requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
  }
}
