import { useSyncExternalStore } from 'react';

interface Announcement {
  readonly text: string;
  readonly turn: number;
}

type Urgency = 'polite' | 'assertive';

let current: Readonly<Record<Urgency, Announcement>> = { polite: { text: '', turn: 0 }, assertive: { text: '', turn: 0 } };
const listeners = new Set<() => void>();

/** Says something to screen readers. `assertive` interrupts and is for failures only. */
export function announce(text: string, urgency: Urgency = 'polite'): void {
  current = { ...current, [urgency]: { text, turn: current[urgency].turn + 1 } };
  for (const listener of listeners) listener();
}

/** Must be in the page from the start: regions that appear together with their text are not read out. */
export function LiveRegions() {
  const state = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
  return (
    <div className="sr-only">
      <Region urgency="polite" announcement={state.polite} />
      <Region urgency="assertive" announcement={state.assertive} />
    </div>
  );
}

/** Two alternating lines, because the same sentence twice in one place would be read once. */
function Region({ urgency, announcement }: { readonly urgency: Urgency; readonly announcement: Announcement }) {
  const even = announcement.turn % 2 === 0;
  return (
    <div role={urgency === 'polite' ? 'status' : 'alert'} aria-live={urgency} aria-atomic="true">
      <span>{even ? announcement.text : ''}</span>
      <span>{even ? '' : announcement.text}</span>
    </div>
  );
}
