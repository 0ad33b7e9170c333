import { describe, expect, test } from 'vitest';
import { queryKey } from '../src/contract/query.ts';
import { shownTodo } from '../src/store/state.ts';
import { type Notice, TodoStore } from '../src/store/TodoStore.ts';
import { type Answer, aList, aNetwork, aTodo, json, now, page, problem, TestDisk, until } from './builders.ts';

const inbox = { view: 'inbox' } as const;
const key = queryKey(inbox);

async function aStore(routes: Readonly<Record<string, Answer | Answer[]>>, disk = new TestDisk()) {
  const network = aNetwork({ 'GET /api/todo/lists': () => page([aList()]), 'GET /api/todo/todos': () => page([aTodo()]), ...routes });
  const notices: Notice[] = [];
  const store = new TodoStore({
    client: network.client,
    disk,
    userId: 'ann',
    now: () => now,
    random: () => 0,
    onNotice: (notice) => notices.push(notice),
  });
  await store.open();
  await store.loadLists();
  await store.load(inbox);
  return { store, network, notices, disk, title: (id = 't1') => shownTodo(store.state, id)?.title };
}

test('a change shows at once and stays after the server has accepted it', async () => {
  const { store, title } = await aStore({ 'PATCH /api/todo/todos/t1': json(aTodo({ title: 'New', version: 2 }), 200, { etag: '"2"' }) });
  const sent = store.change({ kind: 'update', todoId: 't1', patch: { title: 'New' } });
  expect(title()).toBe('New');
  await sent;
  await until(() => store.state.changes.length === 0, 'the change was accepted');
  expect(store.state.todos.get('t1')?.version).toBe(2);
  expect(title()).toBe('New');
});

test('a refused change goes back to what it was and says why', async () => {
  const { store, title, notices } = await aStore({ 'PATCH /api/todo/todos/t1': problem(422, 'invalid') });
  await store.change({ kind: 'update', todoId: 't1', patch: { title: '' } });
  await until(() => notices.length > 0, 'the refusal was told');
  expect(title()).toBe('Call Ann');
  expect(notices[0]?.kind).toBe('refused');
  expect(store.state.changes[0]?.problem?.code).toBe('invalid');
});

test('a new todo keeps its place in the view from the first moment on', async () => {
  const { store } = await aStore({ 'POST /api/todo/todos': (call) => json(aTodo({ ...(call.body as object), version: 1 }), 201) });
  const change = await store.create({ title: 'New' });
  await until(() => store.state.changes.length === 0, 'the todo was accepted');
  expect(store.state.views.get(key)?.ids).toEqual(['t1', change.intent.todoId]);
});

test('completing what repeats shows the next occurrence', async () => {
  const next = aTodo({ id: 't2', due: { date: '2026-11-28', time: null, timeZone: null } });
  const { store, notices } = await aStore({
    'POST /api/todo/todos/t1/complete': json({ todo: aTodo({ completed: true, version: 2 }), next }),
  });
  await store.change({ kind: 'complete', todoId: 't1' });
  await until(() => notices.length > 0, 'the next occurrence was told');
  expect(notices[0]).toMatchObject({ kind: 'recurred', todo: { id: 't2' } });
  expect(store.state.views.get(key)?.ids).toContain('t2');
});

describe('taking back', () => {
  test('what has not left is simply forgotten', async () => {
    const { store, network, title } = await aStore({ 'PATCH /api/todo/todos/t1': new TypeError('cut'), 'GET /session': json({}) });
    store.close();
    const change = await store.change({ kind: 'update', todoId: 't1', patch: { title: 'New' } });
    await store.undo(change);
    expect(title()).toBe('Call Ann');
    expect(network.writes()).toHaveLength(0);
  });

  test('what has left is taken back by the server', async () => {
    const { store, network, title } = await aStore({
      'DELETE /api/todo/todos/t1': json(null, 204, { undo: 'change-7' }),
      'POST /api/todo/changes/change-7/undo': json({ undone: true, todo: aTodo({ version: 3 }) }),
    });
    const change = await store.change({ kind: 'delete', todoId: 't1' });
    await until(() => store.state.changes.length === 0, 'the deletion was accepted');
    expect(store.state.todos.get('t1')?.deletedAt).not.toBeNull();
    await store.undo(change);
    expect(network.writes().map((call) => call.path)).toContain('/api/todo/changes/change-7/undo');
    expect(store.state.todos.get('t1')?.deletedAt).toBeNull();
    expect(title()).toBe('Call Ann');
  });

  test('what was done together is taken back once', async () => {
    const items = ['t1', 't2'].map((id, index) => ({ index, status: 200, body: aTodo({ id, completed: true, version: 2 }) }));
    const { store, network } = await aStore({
      'POST /api/todo/todos/batch': json({ items }, 207, { undo: 'change-8' }),
      'POST /api/todo/changes/change-8/undo': json({ undone: true }),
      'GET /api/todo/todos/t1': () => json(aTodo({ id: 't1', version: 3 })),
      'GET /api/todo/todos/t2': () => json(aTodo({ id: 't2', version: 3 })),
    });
    const changes = await store.changeAll([
      { kind: 'complete', todoId: 't1' },
      { kind: 'complete', todoId: 't2' },
    ]);
    await until(() => store.state.changes.length === 0, 'the batch was accepted');
    await store.undoAll(changes);
    expect(network.writes().filter((call) => call.path.endsWith('/undo'))).toHaveLength(1);
    expect(['t1', 't2'].map((id) => store.state.todos.get(id)?.completed)).toEqual([false, false]);
  });

  test('what somebody has changed since cannot be taken back, and that is said', async () => {
    const { store, notices } = await aStore({
      'POST /api/todo/todos/t1/complete': json({ todo: aTodo({ completed: true, version: 2 }), next: null }, 200, {
        undo: 'change-7',
      }),
      'POST /api/todo/changes/change-7/undo': problem(409, 'changedSince'),
    });
    const change = await store.change({ kind: 'complete', todoId: 't1' });
    await until(() => store.state.changes.length === 0, 'the completion was accepted');
    await store.undo(change);
    expect(notices.map((notice) => notice.kind)).toEqual(['undoFailed']);
  });
});

describe('what others do', () => {
  const live = (part: object) => ({ id: 't1', action: 'updated', version: 2, listId: 'inbox', at: '2026-11-21T10:00:00Z', ...part });

  test('changes what is shown in its place', async () => {
    const { store, title } = await aStore({ 'GET /api/todo/todos/t1': json(aTodo({ title: 'Theirs', version: 2 })) });
    await store.takeLive('todo', live({}));
    expect(title()).toBe('Theirs');
    expect(store.state.views.get(key)?.news).toBe(0);
  });

  test('is counted when it is new, and only where it belongs', async () => {
    const { store } = await aStore({ 'GET /api/todo/todos/t7': json(aTodo({ id: 't7' })) });
    await store.load({ view: 'completed' });
    await store.takeLive('todo', live({ id: 't7', action: 'created', version: 1 }));
    expect(store.state.views.get(key)).toMatchObject({ news: 1, ids: ['t1'] });
    expect(store.state.views.get(queryKey({ view: 'completed' }))?.news).toBe(0);
    await store.load(inbox);
    expect(store.state.views.get(key)?.news).toBe(0);
  });

  test('is no news when it was our own change, however early it is reported', async () => {
    const setup = await aStore({
      'POST /api/todo/todos': async (call) => {
        const id = (call.body as { id: string }).id;
        await setup.store.takeLive('todo', live({ id, action: 'created', version: 1 }));
        return json(aTodo({ id, version: 1 }), 201);
      },
    });
    const change = await setup.store.create({ title: 'Mine' });
    await until(() => setup.store.state.changes.length === 0, 'the todo was accepted');
    await setup.store.takeLive('todo', live({ id: change.intent.todoId, action: 'created', version: 1 }));
    expect(setup.store.state.views.get(key)?.news).toBe(0);
  });

  test('that is older than what is known changes nothing', async () => {
    const { store, network } = await aStore({});
    await store.takeLive('todo', live({ version: 1 }));
    expect(network.calls.filter((call) => call.path === '/api/todo/todos/t1')).toHaveLength(0);
  });

  test('reminders are told, unless the thing is done', async () => {
    const { store, notices } = await aStore({ 'GET /api/todo/todos/t8': json(aTodo({ id: 't8', completed: true })) });
    await store.takeLive('reminder', live({}));
    await store.takeLive('reminder', live({ id: 't8' }));
    expect(notices.map((notice) => [notice.kind, notice.todo?.id])).toEqual([['reminder', 't1']]);
  });

  test('with a list or its members is asked for again', async () => {
    const { store } = await aStore({});
    await store.takeLive('member', live({ id: 'list-1' }));
    expect(store.state.sharingTurn).toBe(1);
  });
});

test('without a connection, what was kept is shown and what is done waits', async () => {
  const disk = new TestDisk();
  disk.stored = { todos: [aTodo()], lists: [aList()], views: new Map([[key, { ids: ['t1'], loadedAt: 5 }]]), changes: [] };
  const network = aNetwork({});
  const store = new TodoStore({ client: network.client, disk, userId: 'ann', now: () => now, random: () => 0 });
  await store.open();
  await store.load(inbox);
  expect(store.state.connection).toBe('offline');
  expect(store.state.views.get(key)).toMatchObject({ ids: ['t1'], loadedAt: 5 });
  await store.change({ kind: 'complete', todoId: 't1' });
  await store.flush();
  expect([...disk.changes.values()].map((change) => change.intent.kind)).toEqual(['complete']);
  expect(shownTodo(store.state, 't1')?.completed).toBe(true);
  network.plan.set('POST /api/todo/todos/t1/complete', json({ todo: aTodo({ completed: true, version: 2 }), next: null }));
  network.plan.set('GET /api/todo/lists', () => page([aList()]));
  store.setConnection('live');
  await until(() => disk.changes.size === 0, 'the change was sent');
  store.close();
});

test('the end of the session stops sending and keeps everything', async () => {
  const { store, disk } = await aStore({ 'PATCH /api/todo/todos/t1': problem(401, 'unauthenticated') });
  await store.change({ kind: 'update', todoId: 't1', patch: { title: 'New' } });
  await until(() => store.state.connection === 'signedOut', 'the end of the session was noticed');
  expect(disk.changes.size).toBe(1);
  store.close();
});
