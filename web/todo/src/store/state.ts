import { belongs, compareTodos, naturalSort, queryKey, type Today, type TodoQuery } from '../contract/query.ts';
import type { Facet, List, Todo } from '../contract/types.ts';
import type { Change } from './change.ts';
import { applyChanges, applyMoves, type Picture } from './optimistic.ts';

export interface LoadedView {
  readonly query: TodoQuery;
  /** The server's answer, in its order. */
  readonly ids: readonly string[];
  readonly next: string | null;
  readonly loadedAt: number;
  readonly facets: readonly Facet[];
  readonly loading: boolean;
  readonly error: unknown;
  /** What others added or removed since; shown as a pill, so that nothing moves under the reader. */
  readonly news: number;
}

export type Connection = 'connecting' | 'live' | 'waiting' | 'offline' | 'signedOut';

export interface TodoState {
  readonly userId: string;
  /** What the server said last. */
  readonly todos: ReadonlyMap<string, Todo>;
  readonly lists: ReadonlyMap<string, List>;
  readonly listsLoaded: boolean;
  readonly views: ReadonlyMap<string, LoadedView>;
  readonly changes: readonly Change[];
  readonly connection: Connection;
  /** Grows when members or invitations changed somewhere. */
  readonly sharingTurn: number;
}

export function emptyState(userId: string): TodoState {
  return {
    userId,
    todos: new Map(),
    lists: new Map(),
    listsLoaded: false,
    views: new Map(),
    changes: [],
    connection: 'connecting',
    sharingTurn: 0,
  };
}

export function inboxOf(state: Pick<TodoState, 'lists'>): List | null {
  for (const list of state.lists.values()) if (list.inbox) return list;
  return null;
}

export function pictureOf(state: TodoState): Picture {
  return { now: new Date().toISOString(), userId: state.userId, inboxId: inboxOf(state)?.id ?? null };
}

/** A todo with everything that waits applied. */
export function shownTodo(state: TodoState, id: string): Todo | undefined {
  const changes = state.changes.filter((change) => change.intent.todoId === id);
  return applyChanges(state.todos.get(id), changes, pictureOf(state));
}

/**
 * What a view shows: the server's answer, minus what left it and plus what came into it by changes made here. Things
 * that were ticked off stay in their place, struck through, until the reader leaves: a list that closes up under the
 * pointer makes people tick the wrong thing.
 */
export function shownTodos(state: TodoState, query: TodoQuery, today: Today, lingering: ReadonlySet<string>): readonly Todo[] {
  const view = state.views.get(queryKey(query));
  const picture = pictureOf(state);
  const byTodo = new Map<string, Change[]>();
  for (const change of state.changes) {
    const own = byTodo.get(change.intent.todoId);
    if (own) own.push(change);
    else byTodo.set(change.intent.todoId, [change]);
  }
  const show = (id: string) => applyChanges(state.todos.get(id), byTodo.get(id) ?? [], picture);
  const belongsHere = (todo: Todo) =>
    belongs(todo, query, today, picture.inboxId) ||
    (lingering.has(todo.id) && belongs({ ...todo, completed: false }, query, today, picture.inboxId));

  const fromServer = (view?.ids ?? [...state.todos.keys()])
    .map(show)
    .filter((todo): todo is Todo => todo !== undefined && belongsHere(todo));
  const known = new Set(fromServer.map((todo) => todo.id));
  const added: Todo[] = [];
  for (const id of new Set([...byTodo.keys(), ...lingering])) {
    const todo = known.has(id) ? undefined : show(id);
    if (todo && belongsHere(todo)) added.push(todo);
  }
  const sort = query.sort ?? naturalSort(query);
  if (sort !== 'position' || !view) return [...fromServer, ...added].sort(compareTodos(sort));
  // By hand, the server's order stands and new things come last.
  const byId = new Map([...fromServer, ...added].map((todo) => [todo.id, todo]));
  return applyMoves([...byId.keys()], state.changes).flatMap((id) => byId.get(id) ?? []);
}

export function emptyView(query: TodoQuery): LoadedView {
  return { query, ids: [], next: null, loadedAt: 0, facets: [], loading: false, error: null, news: 0 };
}

/** A view as it was kept: its key says what was asked. */
export function storedView(key: string, ids: readonly string[], loadedAt: number): LoadedView {
  const [view, listId, parentId, q, tag, priority, category, completed, dueFrom, dueTo, sort] = JSON.parse(key);
  const query: TodoQuery = {
    view,
    listId: listId ?? undefined,
    parentId: parentId ?? undefined,
    q: q ?? undefined,
    tag: tag ?? undefined,
    priority: priority ?? undefined,
    category: category ?? undefined,
    completed: completed ?? undefined,
    dueFrom: dueFrom ?? undefined,
    dueTo: dueTo ?? undefined,
    sort: sort ?? undefined,
  };
  return { ...emptyView(query), ids, loadedAt };
}
