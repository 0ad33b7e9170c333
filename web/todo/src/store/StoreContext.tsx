import { announce, useI18n, useLocation, useSearch, useToasts } from '@slipway/ui';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { dayIn } from '../contract/days.ts';
import { queryKey, type Today, type TodoQuery } from '../contract/query.ts';
import type { Todo } from '../contract/types.ts';
import type { Change, Intent } from './change.ts';
import { OutboxFullError } from './outbox.ts';
import { type LoadedView, shownTodo, shownTodos, type TodoState } from './state.ts';
import type { TodoStore } from './TodoStore.ts';

const Context = createContext<TodoStore | null>(null);

export function StoreProvider({ store, children }: { readonly store: TodoStore; readonly children: ReactNode }) {
  return <Context value={store}>{children}</Context>;
}

export function useStore(): TodoStore {
  const store = useContext(Context);
  if (!store) throw new Error('useStore needs a StoreProvider above it');
  return store;
}

export function useTodoState(): TodoState {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.getState);
}

export function useTodo(id: string | null): Todo | undefined {
  const state = useTodoState();
  return useMemo(() => (id ? shownTodo(state, id) : undefined), [state, id]);
}

/** The reader's day; it turns at midnight without a reload. */
export function useToday(): Today {
  const { formats } = useI18n();
  const read = useCallback(() => ({ date: dayIn(formats.timeZone, Date.now()), now: Date.now() }), [formats.timeZone]);
  const [today, setToday] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setToday(read()), 60_000);
    return () => clearInterval(timer);
  }, [read]);
  return today;
}

export interface ShownView {
  readonly view: LoadedView | undefined;
  readonly todos: readonly Todo[];
  readonly reload: () => void;
  readonly loadMore: () => void;
}

/** Loads what the query asks for, keeps it current, and lets what was ticked off stay until the reader moves on. */
export function useView(query: TodoQuery): ShownView {
  const store = useStore();
  const state = useTodoState();
  const today = useToday();
  const key = queryKey(query);
  const lingering = useRef({ key, ids: new Set<string>() });
  if (lingering.current.key !== key) lingering.current = { key, ids: new Set() };

  useEffect(() => {
    void store.load(query);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key stands for the query, whose object is new each time.
  }, [store, key]);

  const todos = useMemo(() => {
    const shown = shownTodos(state, query, today, lingering.current.ids);
    for (const todo of shown) lingering.current.ids.add(todo.id);
    return shown;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key stands for the query, whose object is new each time.
  }, [state, key, today]);

  return {
    view: state.views.get(key),
    todos,
    reload: () => {
      lingering.current = { key, ids: new Set() };
      void store.load(query);
    },
    loadMore: () => void store.load(query, true),
  };
}

/** Does it at once, says so, and offers to take it back for ten seconds. */
export function useActions() {
  const store = useStore();
  const { t } = useI18n();
  const { show } = useToasts();

  return useMemo(() => {
    const undoAll = async (changes: readonly Change[]) => {
      await store.undoAll(changes);
      announce(t('todo.undone'));
    };
    const run = async (intents: readonly Intent[], done: string | null): Promise<readonly Change[]> => {
      let changes: readonly Change[] = [];
      try {
        changes = await store.changeAll(intents);
      } catch (error) {
        if (!(error instanceof OutboxFullError)) throw error;
        show({ text: t('todo.outbox.full'), tone: 'danger' });
      }
      if (done && changes.length > 0) {
        show({ text: done, key: 'undo', action: { label: t('ui.action.undo'), run: () => void undoAll(changes) } });
      }
      return changes;
    };
    const count = (todos: readonly Todo[]) => ({ count: todos.length, title: todos[0]?.title ?? '' });
    return {
      run,
      complete: (todos: readonly Todo[]) =>
        run(
          todos.map((todo) => ({ kind: 'complete', todoId: todo.id })),
          t('todo.done.completed', count(todos)),
        ),
      reopen: (todos: readonly Todo[]) =>
        run(
          todos.map((todo) => ({ kind: 'reopen', todoId: todo.id })),
          t('todo.done.reopened', count(todos)),
        ),
      remove: (todos: readonly Todo[]) =>
        run(
          todos.map((todo) => ({ kind: 'delete', todoId: todo.id })),
          t('todo.done.deleted', count(todos)),
        ),
      restore: (todos: readonly Todo[]) =>
        run(
          todos.map((todo) => ({ kind: 'restore', todoId: todo.id })),
          t('todo.done.restored', count(todos)),
        ),
      patch: (todos: readonly Todo[], patch: Extract<Intent, { kind: 'update' }>['patch']) =>
        run(
          todos.map((todo) => ({ kind: 'update', todoId: todo.id, patch })),
          t('todo.done.changed', count(todos)),
        ),
      toList: (todos: readonly Todo[], listId: string, name: string) =>
        run(
          todos.map((todo) => ({ kind: 'move', todoId: todo.id, listId })),
          t('todo.done.moved', { ...count(todos), name }),
        ),
      place: (todo: Todo, neighbour: { beforeId: string } | { afterId: string }) =>
        run([{ kind: 'move', todoId: todo.id, ...neighbour }], t('todo.done.placed', { title: todo.title })),
    };
  }, [store, t, show]);
}

export type Actions = ReturnType<typeof useActions>;

/** Which todo is open is part of the address, so that it can be sent to somebody. */
export function useOpenTodo(): { readonly openId: string | null; readonly open: (id: string) => void; readonly close: () => void } {
  const [search, setSearch] = useSearch();
  const { path } = useLocation();
  const openId = search.get('todo');
  // The setter writes to the address it was made for, which is the path; the setter itself is new each time.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => ({ openId, open: (id: string) => setSearch({ todo: id }), close: () => setSearch({ todo: null }) }), [openId, path]);
}
