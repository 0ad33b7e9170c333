import type { Priority, Todo } from './types.ts';

export const viewNames = ['inbox', 'today', 'overdue', 'upcoming', 'all', 'completed', 'trash'] as const;
export type ViewName = (typeof viewNames)[number];

/** What is being looked at; the address bar holds exactly this. */
export interface TodoQuery {
  readonly view: ViewName;
  readonly listId?: string;
  readonly parentId?: string;
  readonly q?: string;
  readonly tag?: string;
  readonly priority?: Priority;
  readonly category?: string;
  readonly completed?: boolean;
  readonly dueFrom?: string;
  readonly dueTo?: string;
  readonly sort?: string;
}

/** The view's natural order: by hand in lists, by time where time is the point. */
export function naturalSort(query: TodoQuery): string {
  if (query.view === 'today' || query.view === 'overdue' || query.view === 'upcoming' || query.dueFrom) return 'dueAt';
  if (query.view === 'completed' || query.view === 'trash') return '-updatedAt';
  // Places by hand exist within one list; over all of them, time is what they have in common.
  if (query.view === 'all' && !query.listId && !query.parentId) return 'dueAt';
  return 'position';
}

/** Places show what stands on its own; where time is the point, or words are searched, sub-tasks count as well. */
function topLevelOnly(query: TodoQuery): boolean {
  const byTime = query.view === 'today' || query.view === 'overdue' || query.view === 'upcoming' || query.dueFrom !== undefined;
  return !query.parentId && !query.q && !byTime && query.view !== 'trash' && query.view !== 'completed';
}

export function toParameters(query: TodoQuery, timeZone: string, today: string): Record<string, string | undefined> {
  const { view } = query;
  const openOnly = query.completed === undefined && view !== 'trash' && view !== 'completed' && !query.parentId && !query.dueFrom;
  return {
    // Today's page begins with what was due before and is not done, so it asks by date.
    view: view === 'trash' || view === 'today' ? 'all' : view,
    timeZone,
    listId: query.listId,
    parentId: query.parentId,
    'parentId[isNull]': topLevelOnly(query) ? 'true' : undefined,
    tag: query.tag,
    priority: query.priority,
    category: query.category,
    q: query.q,
    completed: query.completed !== undefined ? String(query.completed) : openOnly ? 'false' : undefined,
    'due[gte]': query.dueFrom,
    'due[lte]': view === 'today' ? today : query.dueTo,
    deleted: view === 'trash' ? 'only' : undefined,
    sort: query.sort ?? naturalSort(query),
  };
}

export function queryKey(query: TodoQuery): string {
  return JSON.stringify([
    query.view,
    query.listId,
    query.parentId,
    query.q,
    query.tag,
    query.priority,
    query.category,
    query.completed,
    query.dueFrom,
    query.dueTo,
    query.sort,
  ]);
}

export interface Today {
  readonly date: string;
  readonly now: number;
}

/**
 * Whether a todo that changed here belongs to what is shown. The server decides when it answers; this decides until then,
 * and while offline.
 */
export function belongs(todo: Todo, query: TodoQuery, today: Today, inboxId: string | null): boolean {
  if ((query.view === 'trash') !== (todo.deletedAt !== null)) return false;
  if (query.parentId ? todo.parentId !== query.parentId : todo.parentId !== null && topLevelOnly(query)) return false;
  if (query.listId && todo.listId !== query.listId) return false;
  if (query.view === 'inbox' && todo.listId !== inboxId) return false;
  if (query.completed !== undefined && todo.completed !== query.completed) return false;
  if (query.view === 'completed' && !todo.completed) return false;
  if (
    query.completed === undefined &&
    query.view !== 'completed' &&
    query.view !== 'trash' &&
    !query.parentId &&
    !query.dueFrom &&
    todo.completed
  )
    return false;
  if (query.tag && !todo.tags.includes(query.tag)) return false;
  if (query.priority && todo.priority !== query.priority) return false;
  if (query.category && todo.category !== query.category) return false;
  if (query.q && !matchesText(todo, query.q)) return false;
  const date = todo.due?.date ?? null;
  if (query.dueFrom && (date === null || date < query.dueFrom)) return false;
  if (query.dueTo && (date === null || date > query.dueTo)) return false;
  if (query.view === 'today') return date !== null && date <= today.date;
  if (query.view === 'overdue') return isOverdue(todo, today);
  if (query.view === 'upcoming') return date !== null && date > today.date;
  return true;
}

export function isOverdue(todo: Pick<Todo, 'completed' | 'due' | 'dueAt'>, today: Today): boolean {
  if (todo.completed || !todo.due) return false;
  if (todo.due.date < today.date) return true;
  return todo.due.date === today.date && todo.due.time !== null && todo.dueAt !== null && Date.parse(todo.dueAt) < today.now;
}

function matchesText(todo: Todo, wanted: string): boolean {
  const text = `${todo.title} ${todo.notes} ${todo.tags.join(' ')} ${todo.category ?? ''}`.toLocaleLowerCase();
  return wanted
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function compareTodos(sort: string): (left: Todo, right: Todo) => number {
  const down = sort.startsWith('-');
  const field = down ? sort.slice(1) : sort;
  const direction = down ? -1 : 1;
  const rank: Readonly<Record<string, number>> = { high: 0, medium: 1, low: 2, none: 3 };
  const keyOf = (todo: Todo): string | number => {
    // What has no date comes after everything that has one.
    if (field === 'dueAt') return todo.dueAt ?? (todo.due ? `${todo.due.date}T23:59:59` : '9999');
    if (field === 'priority') return rank[todo.priority] ?? 3;
    if (field === 'title') return todo.title.toLocaleLowerCase();
    if (field === 'createdAt') return todo.createdAt;
    if (field === 'updatedAt') return todo.updatedAt;
    return todo.position;
  };
  return (left, right) => {
    const a = keyOf(left);
    const b = keyOf(right);
    if (a === b) return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
    return (a < b ? -1 : 1) * direction;
  };
}
