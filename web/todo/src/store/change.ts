import type { Problem } from '@slipway/ui';
import type { BatchOperation, Todo, TodoDraft, TodoPatch } from '../contract/types.ts';

/** One thing a person did, as it waits for the server. Plain data: it is stored, replayed after a restart and shown when refused. */
export type Intent =
  | { readonly kind: 'create'; readonly todoId: string; readonly draft: TodoDraft }
  | { readonly kind: 'update'; readonly todoId: string; readonly patch: TodoPatch }
  | { readonly kind: 'complete'; readonly todoId: string }
  | { readonly kind: 'reopen'; readonly todoId: string }
  | { readonly kind: 'delete'; readonly todoId: string }
  | { readonly kind: 'restore'; readonly todoId: string }
  | { readonly kind: 'move'; readonly todoId: string; readonly listId?: string; readonly beforeId?: string; readonly afterId?: string };

export type ChangeState = 'waiting' | 'sending' | 'conflict' | 'refused';

export interface Change {
  /** Grows by one; the order in which things were done is the order in which they are sent. */
  readonly seq: number;
  readonly intent: Intent;
  /** Sent with every try, so that a change whose answer got lost happens once. */
  readonly idempotencyKey: string;
  readonly at: string;
  readonly state: ChangeState;
  /** The version it was made from; null until an earlier change of the same todo has been answered. */
  readonly baseVersion: number | null;
  /** The todo as the person saw it, for merging and for taking back. */
  readonly base: Todo | null;
  readonly tries: number;
  /** Done together, sent together, taken back together. */
  readonly group?: string;
  readonly problem?: Problem;
  readonly theirs?: Todo | null;
}

export interface Request {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly ifMatch?: number;
  readonly ifNoneMatch?: string;
}

export function toRequest(change: Change): Request {
  const { intent } = change;
  const todo = `/api/todo/todos/${intent.todoId}`;
  const ifMatch = change.baseVersion ?? undefined;
  switch (intent.kind) {
    case 'create':
      return { method: 'POST', path: '/api/todo/todos', body: { id: intent.todoId, ...intent.draft }, ifNoneMatch: '*' };
    case 'update':
      return { method: 'PATCH', path: todo, body: intent.patch, ifMatch };
    case 'delete':
      return { method: 'DELETE', path: todo, ifMatch };
    case 'move': {
      const { listId, beforeId, afterId } = intent;
      return { method: 'POST', path: `${todo}/move`, body: { listId, beforeId, afterId } };
    }
    default:
      return { method: 'POST', path: `${todo}/${intent.kind}` };
  }
}

/** The same as one line of a batch. */
export function toOperation(change: Change): BatchOperation {
  const { intent } = change;
  const { todoId: id } = intent;
  const version = needsVersion(intent) ? (change.baseVersion ?? undefined) : undefined;
  switch (intent.kind) {
    case 'create':
      return { op: 'create', id, body: { id, ...intent.draft } };
    case 'update':
      return { op: 'update', id, version, body: intent.patch };
    case 'move':
      return { op: 'move', id, body: { listId: intent.listId, beforeId: intent.beforeId, afterId: intent.afterId } };
    default:
      return { op: intent.kind, id, version };
  }
}

/** Versions decide only where a lost update is possible; completing twice is completing. */
export function needsVersion(intent: Intent): boolean {
  return intent.kind === 'update' || intent.kind === 'delete';
}

/** What takes an answered change back when the server keeps no undo for it. */
export function inverseOf(change: Change): Intent | null {
  const { intent, base } = change;
  const { todoId } = intent;
  switch (intent.kind) {
    case 'create':
    case 'restore':
      return { kind: 'delete', todoId };
    case 'delete':
      return { kind: 'restore', todoId };
    case 'complete':
      return { kind: 'reopen', todoId };
    case 'reopen':
      return { kind: 'complete', todoId };
    case 'update':
      return base ? { kind: 'update', todoId, patch: previousValues(base, intent.patch) } : null;
    case 'move':
      return base && intent.listId ? { kind: 'move', todoId, listId: base.listId } : null;
  }
}

function previousValues(base: Todo, patch: TodoPatch): TodoPatch {
  return Object.fromEntries((Object.keys(patch) as (keyof TodoPatch)[]).map((field) => [field, base[field]]));
}
