import { type ReactNode, useEffect, useRef } from 'react';
import { matchPath, useLocation } from './location.ts';

export interface Route {
  readonly path: string;
  readonly render: (parameters: Readonly<Record<string, string>>) => ReactNode;
}

/** The first route that matches wins; put the catch-all `*` last. */
export function Routes({ routes }: { readonly routes: readonly Route[] }) {
  const { path } = useLocation();
  useFocusOnMove(path);
  for (const route of routes) {
    const parameters = matchPath(route.path, path);
    if (parameters) return route.render(parameters);
  }
  return null;
}

/** After moving to another page a screen reader must hear where it is: focus goes to its heading, except on first load. */
function useFocusOnMove(path: string): void {
  const previous = useRef(path);
  useEffect(() => {
    if (previous.current === path) return;
    previous.current = path;
    const heading = document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('main');
    if (!heading || document.querySelector('dialog[open]')) return;
    if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [path]);
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
