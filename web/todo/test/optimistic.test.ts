import { describe, expect, test } from 'vitest';
import { queryKey, type TodoQuery } from '../src/contract/query.ts';
import type { Change, Intent } from '../src/store/change.ts';
import { inverseOf } from '../src/store/change.ts';
import { findConflicts, resolve } from '../src/store/merge.ts';
import { applyChanges, applyMoves } from '../src/store/optimistic.ts';
import { emptyState, type LoadedView, shownTodos, type TodoState } from '../src/store/state.ts';
import { aList, aTodo, now } from './builders.ts';

const picture = { now: '2026-11-21T10:00:00.000Z', userId: 'ann', inboxId: 'inbox' };
let seq = 0;
const change = (intent: Intent, part: Partial<Change> = {}): Change => ({
  seq: ++seq,
  intent,
  idempotencyKey: 'k',
  at: '2026-11-21T10:00:00.000Z',
  state: 'waiting',
  baseVersion: null,
  base: null,
  tries: 0,
  ...part,
});

describe('changes that wait', () => {
  test('are shown as if they had happened', () => {
    const shown = applyChanges(
      aTodo(),
      [change({ kind: 'update', todoId: 't1', patch: { title: 'New', tags: ['x'] } }), change({ kind: 'complete', todoId: 't1' })],
      picture,
    );
    expect(shown).toMatchObject({ title: 'New', tags: ['x'], completed: true, version: 1 });
  });

  test('that were refused are not', () => {
    expect(applyChanges(aTodo(), [change({ kind: 'complete', todoId: 't1' }, { state: 'refused' })], picture)?.completed).toBe(false);
  });

  test('make a todo before the server knows it', () => {
    const shown = applyChanges(undefined, [change({ kind: 'create', todoId: 't9', draft: { title: 'New', priority: 'high' } })], picture);
    expect(shown).toMatchObject({ id: 't9', title: 'New', priority: 'high', listId: 'inbox', createdBy: 'ann', version: 0 });
  });

  test('do not bring back what is not there', () => {
    expect(applyChanges(undefined, [change({ kind: 'complete', todoId: 't1' })], picture)).toBeUndefined();
  });

  test('of the day forget the instant the server computed for the old one', () => {
    const before = aTodo({ due: { date: '2026-11-20', time: null, timeZone: null }, dueAt: '2026-11-20T22:59:59Z' });
    const shown = applyChanges(
      before,
      [change({ kind: 'update', todoId: 't1', patch: { due: { date: '2026-12-01', time: null, timeZone: null } } })],
      picture,
    );
    expect(shown?.dueAt).toBeNull();
  });

  test('of place put things beside the neighbour they were dropped at', () => {
    const down = change({ kind: 'move', todoId: 'a', afterId: 'c' });
    const up = change({ kind: 'move', todoId: 'd', beforeId: 'b' });
    expect(applyMoves(['a', 'b', 'c', 'd'], [down, up])).toEqual(['d', 'b', 'c', 'a']);
    expect(applyMoves(['a', 'b'], [change({ kind: 'move', todoId: 'a', afterId: 'gone' })])).toEqual(['a', 'b']);
  });
});

test('every change has an opposite that takes it back', () => {
  const base = aTodo({ title: 'Old', listId: 'work' });
  const opposite = (intent: Intent) => inverseOf(change(intent, { base }));
  expect(opposite({ kind: 'complete', todoId: 't1' })).toEqual({ kind: 'reopen', todoId: 't1' });
  expect(opposite({ kind: 'delete', todoId: 't1' })).toEqual({ kind: 'restore', todoId: 't1' });
  expect(opposite({ kind: 'update', todoId: 't1', patch: { title: 'New', due: null } })).toEqual({
    kind: 'update',
    todoId: 't1',
    patch: { title: 'Old', due: null },
  });
  expect(opposite({ kind: 'move', todoId: 't1', listId: 'inbox' })).toEqual({ kind: 'move', todoId: 't1', listId: 'work' });
  expect(opposite({ kind: 'create', todoId: 't1', draft: { title: 'x' } })).toEqual({ kind: 'delete', todoId: 't1' });
});

describe('three versions', () => {
  const base = aTodo({ title: 'Old', tags: ['a'], due: { date: '2026-01-01', time: null, timeZone: null } });

  test('conflict only where both sides touched the same field differently', () => {
    const theirs = aTodo({ ...base, title: 'Theirs', notes: 'added', tags: ['a', 'b'] });
    expect(findConflicts(base, { title: 'Mine', tags: ['a', 'b'], priority: 'high' }, theirs)).toEqual([
      { field: 'title', before: 'Old', yours: 'Mine', theirs: 'Theirs' },
    ]);
  });

  test('compare values, not objects', () => {
    const theirs = aTodo({ ...base, due: { date: '2026-01-01', time: null, timeZone: null }, tags: ['a'] });
    expect(findConflicts(base, { due: null, tags: [] }, theirs)).toEqual([]);
  });

  test('leave in the patch what the person kept', () => {
    expect(resolve({ title: 'Mine', notes: 'n' }, { title: 'theirs', notes: 'yours' })).toEqual({ notes: 'n' });
    expect(resolve({ title: 'Mine' }, { title: 'theirs' })).toBeNull();
  });
});

describe('a view', () => {
  const today = { date: '2026-11-21', now };
  const query: TodoQuery = { view: 'inbox' };
  const view = (ids: readonly string[]): LoadedView => ({
    query,
    ids,
    next: null,
    loadedAt: 1,
    facets: [],
    loading: false,
    error: null,
    news: 0,
  });
  const state = (todos: readonly ReturnType<typeof aTodo>[], changes: readonly Change[], ids?: readonly string[]): TodoState => ({
    ...emptyState('ann'),
    todos: new Map(todos.map((todo) => [todo.id, todo])),
    lists: new Map([['inbox', aList()]]),
    views: new Map(ids ? [[queryKey(query), view(ids)]] : []),
    changes,
  });
  const titles = (shown: readonly { title: string }[]) => shown.map((todo) => todo.title);

  test('keeps the order of the server and puts new things last', () => {
    const made = change({ kind: 'create', todoId: 't9', draft: { title: 'New' } });
    const shown = shownTodos(
      state([aTodo({ id: 'b', title: 'B' }), aTodo({ id: 'a', title: 'A' })], [made], ['b', 'a']),
      query,
      today,
      new Set(),
    );
    expect(titles(shown)).toEqual(['B', 'A', 'New']);
  });

  test('lets what was ticked off stay in its place until the reader leaves', () => {
    const both = [aTodo({ id: 'a', title: 'A' }), aTodo({ id: 'b', title: 'B' })];
    const done = [change({ kind: 'complete', todoId: 'a' })];
    expect(titles(shownTodos(state(both, done, ['a', 'b']), query, today, new Set(['a', 'b'])))).toEqual(['A', 'B']);
    expect(titles(shownTodos(state(both, done, ['a', 'b']), query, today, new Set()))).toEqual(['B']);
  });

  test('loses what was deleted or moved away at once', () => {
    const both = [aTodo({ id: 'a', title: 'A' }), aTodo({ id: 'b', title: 'B' })];
    const changes = [change({ kind: 'delete', todoId: 'a' }), change({ kind: 'move', todoId: 'b', listId: 'work' })];
    expect(shownTodos(state(both, changes, ['a', 'b']), query, today, new Set(['a', 'b']))).toEqual([]);
  });

  test('that was never loaded shows what this browser knows of it', () => {
    expect(
      titles(
        shownTodos(state([aTodo({ title: 'Known' }), aTodo({ id: 'x', title: 'Elsewhere', listId: 'work' })], []), query, today, new Set()),
      ),
    ).toEqual(['Known']);
  });

  test('does not show what others added before the reader asks for it', () => {
    const shown = shownTodos(
      state([aTodo({ id: 'a', title: 'A' }), aTodo({ id: 'new', title: 'Theirs' })], [], ['a']),
      query,
      today,
      new Set(),
    );
    expect(titles(shown)).toEqual(['A']);
  });
});
