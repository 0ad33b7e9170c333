import { type BrowserSession, createApi, NoAnswerError, SessionHolder, type SessionUser, useI18n } from '@slipway/ui';
import { useCallback, useEffect, useRef, useState } from 'react';
import { TodoClient } from '../contract/client.ts';
import { LiveConnection } from '../live/LiveConnection.ts';
import { type Disk, IndexedDisk, NoDisk } from '../store/disk.ts';
import { TodoStore } from '../store/TodoStore.ts';

export interface SignedIn {
  readonly kind: 'signedIn';
  readonly user: SessionUser;
  readonly client: TodoClient;
  readonly store: TodoStore;
  readonly signOut: () => Promise<void>;
}

export type SessionState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'signedOut' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly retry: () => void }
  | SignedIn;

const lastUserKey = 'slipway.todo.user';

/** Finds out who is here. Without a connection it is whoever was here last, reading and writing to this browser only. */
export function useSession(): SessionState {
  const { formats, locale } = useI18n();
  const [state, setState] = useState<SessionState>({ kind: 'opening' });
  const language = useRef(locale);
  language.current = locale;
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt((value) => value + 1), []);

  useEffect(() => {
    let stop: (() => void) | null = null;
    let gone = false;
    const holder = new SessionHolder();
    let entered: TodoStore | null = null;
    const api = createApi({
      csrfToken: holder.csrfToken,
      language: () => language.current,
      onUnauthenticated: () => entered?.setConnection('signedOut'),
    });
    const client = new TodoClient(api, formats.timeZone);

    const enter = async (user: SessionUser, online: boolean) => {
      const store = new TodoStore({
        client,
        disk: openDisk(user.id),
        userId: user.id,
        exclusively,
        renewSession: () => holder.load(api),
      });
      entered = store;
      await store.open();
      if (gone) return;
      stop = keepLive(store, () => holder.load(api));
      if (!online) store.setConnection('offline');
      const signOut = async () => {
        await api('/session/sign-out', { method: 'POST' });
        stop?.();
        store.close();
        // What is left on a shared computer must not be somebody's todos.
        await store.options.disk.destroy().catch(() => {});
        forget();
        window.location.assign('/');
      };
      setState({ kind: 'signedIn', user, client, store, signOut });
    };

    const begin = async () => {
      try {
        const session: BrowserSession = await holder.load(api);
        if (gone) return;
        if (session.authenticated && session.user) {
          remember(session.user);
          await enter(session.user, true);
        } else {
          setState({ kind: 'signedOut' });
        }
      } catch (error) {
        const last = error instanceof NoAnswerError ? lastUser() : null;
        if (gone) return;
        if (last) await enter(last, false);
        else setState({ kind: 'failed', error, retry });
      }
    };
    void begin();
    return () => {
      gone = true;
      stop?.();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- another attempt is what the number is for.
  }, [attempt, retry]);

  return state;
}

/** Ties the store to the outside: the live stream, the connection's comings and goings, and the tab being looked at again. */
function keepLive(store: TodoStore, renewSession: () => Promise<BrowserSession>): () => void {
  const refresh = () =>
    void store.refreshShown(
      [...store.state.views.values()]
        .filter((view) => view.loadedAt > 0)
        .slice(-3)
        .map((view) => view.query),
    );
  const live = new LiveConnection({
    url: '/api/todo/events',
    types: ['todo', 'list', 'member', 'reminder'],
    onChange: (type, change) => void store.takeLive(type, change).catch(() => {}),
    onEnded: () => {
      renewSession().then(
        (session) => {
          if (session.authenticated) return;
          live.stop();
          store.setConnection('signedOut');
        },
        () => {},
      );
    },
    onState: (state, gap) => {
      store.setConnection(state === 'waiting' && !navigator.onLine ? 'offline' : state);
      if (state === 'live' && gap) refresh();
    },
  });
  const online = () => {
    renewSession().then(
      (session) => {
        if (!session.authenticated) {
          store.setConnection('signedOut');
          return;
        }
        live.start();
        void store.flush();
        refresh();
      },
      () => store.setConnection('offline'),
    );
  };
  const offline = () => {
    live.stop();
    store.setConnection('offline');
  };
  // A tab nobody looks at gives its connection back after a minute; browsers allow only a few per host.
  let hidden: ReturnType<typeof setTimeout> | null = null;
  const visibility = () => {
    if (hidden) clearTimeout(hidden);
    hidden = null;
    if (document.hidden) hidden = setTimeout(() => live.stop(), 60_000);
    else if (navigator.onLine) online();
  };
  window.addEventListener('online', online);
  window.addEventListener('offline', offline);
  document.addEventListener('visibilitychange', visibility);
  if (navigator.onLine) live.start();
  else offline();
  return () => {
    live.stop();
    window.removeEventListener('online', online);
    window.removeEventListener('offline', offline);
    document.removeEventListener('visibilitychange', visibility);
  };
}

function openDisk(userId: string): Disk {
  return typeof indexedDB === 'undefined' ? new NoDisk() : new IndexedDisk(userId);
}

const exclusively = async (work: () => Promise<void>): Promise<void> => {
  if (!navigator.locks) await work();
  else await navigator.locks.request('todo-outbox', work);
};

function remember(user: SessionUser): void {
  try {
    localStorage.setItem(lastUserKey, JSON.stringify(user));
  } catch {
    // Then this browser cannot work offline; nothing else is lost.
  }
}

function forget(): void {
  try {
    localStorage.removeItem(lastUserKey);
  } catch {
    // Nothing was kept.
  }
}

function lastUser(): SessionUser | null {
  try {
    const text = localStorage.getItem(lastUserKey);
    return text ? (JSON.parse(text) as SessionUser) : null;
  } catch {
    return null;
  }
}
