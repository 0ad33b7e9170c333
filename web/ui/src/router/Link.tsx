import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { navigate, useLocation } from './location.ts';

export interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly to: string;
  readonly replace?: boolean;
}

/** A real link: it can be opened in a new tab, copied and middle-clicked; only a plain click stays inside the page. */
export function Link({ to, replace, onClick, ...rest }: LinkProps) {
  const { path, search } = useLocation();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plain || rest.target) return;
    event.preventDefault();
    navigate(to, { replace });
  };
  const current = to === path || to === path + search ? 'page' : undefined;
  return <a aria-current={current} {...rest} href={to} onClick={follow} />;
}
