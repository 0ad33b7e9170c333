import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const storageKey = 'slipway.theme';
const listeners = new Set<() => void>();
let current: Theme = 'system';

/** Called before the first render, so that no page flashes in the wrong light. */
export function applyStoredTheme(): void {
  try {
    const stored = localStorage.getItem(storageKey);
    if (stored === 'light' || stored === 'dark') setTheme(stored, false);
  } catch {
    // No storage: the system's preference decides, as it does for everyone who never chose.
  }
}

export function setTheme(theme: Theme, remember = true): void {
  current = theme;
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  if (remember) {
    try {
      if (theme === 'system') localStorage.removeItem(storageKey);
      else localStorage.setItem(storageKey, theme);
    } catch {
      // The choice then holds for this visit.
    }
  }
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
