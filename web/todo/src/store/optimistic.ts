import type { Todo, TodoPatch } from '../contract/types.ts';
import type { Change, Intent } from './change.ts';

export interface Picture {
  readonly now: string;
  readonly userId: string | null;
  readonly inboxId: string | null;
}

/** The todo as it will be once everything that waits has been accepted. Undefined when there is no such todo. */
export function applyChanges(todo: Todo | undefined, changes: readonly Change[], picture: Picture): Todo | undefined {
  let result = todo;
  for (const change of changes) {
    // What the server refused is not shown as if it had happened; it is listed with its reason instead.
    if (change.state !== 'refused') result = applyIntent(result, change.intent, picture, change.at);
  }
  return result;
}

export function applyIntent(todo: Todo | undefined, intent: Intent, picture: Picture, at: string): Todo | undefined {
  if (intent.kind === 'create') return todo ?? createdTodo(intent, picture, at);
  if (!todo) return undefined;
  switch (intent.kind) {
    case 'update':
      return withPatch(todo, intent.patch, at);
    case 'complete':
      return todo.completed ? todo : { ...todo, completed: true, completedAt: at };
    case 'reopen':
      return { ...todo, completed: false, completedAt: null };
    case 'delete':
      return { ...todo, deletedAt: at };
    case 'restore':
      return { ...todo, deletedAt: null, purgeAt: null };
    case 'move':
      return { ...todo, listId: intent.listId ?? todo.listId };
  }
}

export function withPatch(todo: Todo, patch: TodoPatch, at: string): Todo {
  const next = { ...todo, ...patch, updatedAt: at };
  // The server computes the instant; until it answers, a moved day must not keep the old one.
  return patch.due === undefined ? next : { ...next, dueAt: null };
}

function createdTodo(intent: Extract<Intent, { kind: 'create' }>, picture: Picture, at: string): Todo {
  const { draft } = intent;
  return {
    id: intent.todoId,
    listId: draft.listId ?? picture.inboxId ?? '',
    parentId: draft.parentId ?? null,
    title: draft.title,
    notes: draft.notes ?? '',
    category: draft.category ?? null,
    priority: draft.priority ?? 'none',
    tags: draft.tags ?? [],
    due: draft.due ?? null,
    dueAt: null,
    recurrence: draft.recurrence ?? null,
    reminders: draft.reminders ?? [],
    // After every rank the server gives out: new things appear at the end until their place is known.
    position: '~',
    completed: false,
    completedAt: null,
    createdAt: at,
    updatedAt: at,
    createdBy: picture.userId,
    deletedAt: null,
    purgeAt: null,
    version: 0,
    subtasks: { total: 0, done: 0 },
  };
}

/**
 * The order of a list while moves are waiting: each moved todo goes beside the neighbour it was dropped at. The server
 * gives out the ranks; this only keeps what the person did in place until it has.
 */
export function applyMoves(ids: readonly string[], changes: readonly Change[]): readonly string[] {
  let order = [...ids];
  for (const { intent, state } of changes) {
    if (intent.kind !== 'move' || state === 'refused' || !order.includes(intent.todoId)) continue;
    const neighbour = intent.beforeId ?? intent.afterId;
    if (!neighbour || !order.includes(neighbour)) continue;
    order = order.filter((id) => id !== intent.todoId);
    order.splice(order.indexOf(neighbour) + (intent.beforeId ? 0 : 1), 0, intent.todoId);
  }
  return order;
}
