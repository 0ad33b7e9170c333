import { useMemo, useSyncExternalStore } from 'react';

/**
 * Where the reader is. The address bar is the only store, so that every view can be bookmarked, shared and walked back.
 */
const listeners = new Set<() => void>();
const changed = () => {
  for (const listener of listeners) listener();
};

export function subscribeLocation(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('popstate', changed);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('popstate', changed);
  };
}

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const target = new URL(to, window.location.href);
  if (target.origin !== window.location.origin) {
    window.location.assign(target);
    return;
  }
  const path = target.pathname + target.search + target.hash;
  if (path === window.location.pathname + window.location.search + window.location.hash) return;
  window.history[options.replace ? 'replaceState' : 'pushState'](null, '', path);
  changed();
}

export function useLocation(): { readonly path: string; readonly search: string } {
  const path = useSyncExternalStore(subscribeLocation, () => window.location.pathname);
  const search = useSyncExternalStore(subscribeLocation, () => window.location.search);
  return useMemo(() => ({ path, search }), [path, search]);
}

/** Reads the query of the address and writes single members of it; null removes one. */
export function useSearch(): [
  URLSearchParams,
  (changes: Readonly<Record<string, string | null>>, options?: { replace?: boolean }) => void,
] {
  const { path, search } = useLocation();
  const parameters = useMemo(() => new URLSearchParams(search), [search]);
  return [parameters, (changes, options) => navigate(path + changeSearch(window.location.search, changes), options)];
}

export function changeSearch(search: string, changes: Readonly<Record<string, string | null>>): string {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text ? `?${text}` : '';
}

/** `/lists/:id` against `/lists/7` → `{ id: '7' }`; a trailing `*` takes the rest. Null when it does not match. */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (part === '*') return { ...found, rest: given.slice(index).join('/') };
    const value = given[index];
    if (value === undefined) return null;
    if (part.startsWith(':')) {
      try {
        found[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (part !== value) return null;
  }
  return given.length === wanted.length ? found : null;
}
