import { useEffect, useRef, useState } from 'react';
import { follow, type LiveEvent, type LiveState } from './events.ts';

const bursts = 80;
const patienceMs = 10_000;

/**
 * Follows a stream while the component is shown. Several events at once become one call; a tab that nobody looks at has no
 * connection, since browsers allow only a few per host and people open products in many tabs.
 */
export function useFollow(
  url: string | null,
  onEvents: (events: readonly LiveEvent[]) => void,
  options: { headers?: Readonly<Record<string, string>>; onAgain?: () => void } = {},
): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const latest = useRef({ onEvents, options });
  latest.current = { onEvents, options };
  const headers = JSON.stringify(options.headers ?? {});

  useEffect(() => {
    if (url === null) return;
    let waiting: LiveEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    let stop: (() => void) | null = null;
    let hidden: ReturnType<typeof setTimeout> | null = null;
    const start = () => {
      stop ??= follow({
        url,
        headers: JSON.parse(headers) as Record<string, string>,
        onEvent: (event) => {
          waiting.push(event);
          timer ??= setTimeout(() => {
            timer = null;
            const events = waiting;
            waiting = [];
            latest.current.onEvents(events);
          }, bursts);
        },
        onState: (next, again) => {
          setState(next);
          if (again || first(next)) latest.current.options.onAgain?.();
        },
      });
    };
    let came = false;
    // Between reading the page's data and the stream's first moment something may have happened, so both are read once more.
    const first = (next: LiveState) => {
      if (next !== 'live' || came) return false;
      came = true;
      return true;
    };
    const end = () => {
      stop?.();
      stop = null;
    };
    const visibility = () => {
      if (hidden) clearTimeout(hidden);
      hidden = null;
      if (document.hidden) hidden = setTimeout(end, patienceMs);
      else if (!stop) {
        came = false;
        start();
      }
    };
    document.addEventListener('visibilitychange', visibility);
    if (!document.hidden) start();
    return () => {
      document.removeEventListener('visibilitychange', visibility);
      if (hidden) clearTimeout(hidden);
      if (timer) clearTimeout(timer);
      end();
    };
  }, [url, headers]);
  return state;
}
