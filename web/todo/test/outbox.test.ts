import { describe, expect, test } from 'vitest';
import type { Intent } from '../src/store/change.ts';
import { changesMax, Outbox, OutboxFullError, type SendResult } from '../src/store/outbox.ts';
import { type Answer, aNetwork, aTodo, json, now, problem, TestDisk } from './builders.ts';

function anOutbox(routes: Readonly<Record<string, Answer | Answer[]>>, disk = new TestDisk(), knownVersion: number | null = null) {
  const network = aNetwork(routes);
  const results: SendResult[] = [];
  const notStored: unknown[] = [];
  let key = 0;
  const outbox = new Outbox({
    api: network.api,
    disk,
    fetchTodo: (id) => network.client.todo(id),
    knownVersion: () => knownVersion,
    onResult: (result) => results.push(result),
    onNotStored: (error) => notStored.push(error),
    onChanged: () => {},
    newKey: () => `key-${++key}`,
    now: () => now,
    random: () => 0,
  });
  return { outbox, network, results, disk, notStored, kinds: () => results.map((result) => result.kind) };
}

const rename = (title: string, todoId = 't1'): Intent => ({ kind: 'update', todoId, patch: { title } });
const accepted = (version: number) => json(aTodo({ version }), 200, { etag: `"${version}"` });

describe('a change', () => {
  test('is written down before it is sent and forgotten once it is accepted', async () => {
    const { outbox, disk, network, kinds } = anOutbox({ 'PATCH /api/todo/todos/t1': accepted(2) });
    await outbox.add(rename('A'), aTodo());
    expect([...disk.changes.values()].map((change) => change.state)).toEqual(['waiting']);
    await outbox.flush();
    expect(kinds()).toEqual(['accepted']);
    expect(disk.changes.size).toBe(0);
    expect(network.writes()[0]?.headers.get('if-match')).toBe('"1"');
    expect(network.writes()[0]?.headers.get('idempotency-key')).toBe('key-1');
  });

  test('whose answer got lost is sent again under the same key', async () => {
    const { outbox, network, kinds } = anOutbox({ 'PATCH /api/todo/todos/t1': [new TypeError('cut'), accepted(2)] });
    await outbox.add(rename('A'), aTodo());
    await outbox.flush();
    expect(outbox.changes).toHaveLength(1);
    await outbox.flush();
    expect(kinds()).toEqual(['later', 'accepted']);
    expect(network.writes().map((call) => call.headers.get('idempotency-key'))).toEqual(['key-1', 'key-1']);
  });

  test('that was on its way when the page closed is sent after it opens again', async () => {
    const first = anOutbox({ 'PATCH /api/todo/todos/t1': new TypeError('closed') });
    const change = await first.outbox.add(rename('A'), aTodo());
    first.disk.changes.set(change.seq, { ...change, state: 'sending' });
    const second = anOutbox({ 'PATCH /api/todo/todos/t1': accepted(2) }, first.disk);
    second.outbox.restore((await first.disk.load()).changes);
    await second.outbox.flush();
    expect(second.network.writes()[0]?.headers.get('idempotency-key')).toBe('key-1');
    expect(first.disk.changes.size).toBe(0);
  });

  test('that cannot be written down is sent all the same, and the person is told', async () => {
    const disk = new TestDisk();
    disk.full = true;
    const { outbox, kinds, notStored } = anOutbox({ 'PATCH /api/todo/todos/t1': accepted(2) }, disk);
    await outbox.add(rename('A'), aTodo());
    expect(notStored).toHaveLength(1);
    await outbox.flush();
    expect(kinds()).toEqual(['accepted']);
  });

  test('beyond the bound is refused with a reason', async () => {
    const { outbox } = anOutbox({});
    for (let index = 0; index < changesMax; index++) await outbox.add({ kind: 'complete', todoId: `t${index}` }, null);
    await expect(outbox.add(rename('x'), aTodo())).rejects.toBeInstanceOf(OutboxFullError);
  });

  test('that never left can be withdrawn, one that did cannot', async () => {
    const { outbox } = anOutbox({ 'PATCH /api/todo/todos/t1': new TypeError('cut') });
    const change = await outbox.add(rename('A'), aTodo());
    expect(await outbox.withdraw(change.seq)).toBe(true);
    const sent = await outbox.add(rename('B'), aTodo());
    await outbox.flush();
    expect(await outbox.withdraw(sent.seq)).toBe(false);
  });
});

describe('several changes', () => {
  test('leave in the order in which they were made, each on the version the one before produced', async () => {
    const { outbox, network } = anOutbox({
      'PATCH /api/todo/todos/t1': [accepted(2), accepted(4)],
      'POST /api/todo/todos/t1/complete': json({ todo: aTodo({ version: 3 }), next: null }),
    });
    await outbox.add(rename('A'), aTodo());
    await outbox.add({ kind: 'complete', todoId: 't1' }, aTodo());
    await outbox.add(rename('B'), aTodo());
    await outbox.flush();
    expect(network.writes().map((call) => [call.path, call.headers.get('if-match')])).toEqual([
      ['/api/todo/todos/t1', '"1"'],
      ['/api/todo/todos/t1/complete', null],
      ['/api/todo/todos/t1', '"3"'],
    ]);
  });

  test('stop at the first that cannot be delivered', async () => {
    const { outbox, network } = anOutbox({ 'PATCH /api/todo/todos/t1': problem(503, 'databaseUnavailable') });
    await outbox.add(rename('A'), aTodo());
    await outbox.add(rename('B', 't2'), aTodo({ id: 't2' }));
    await outbox.flush();
    expect(network.writes()).toHaveLength(1);
    expect(outbox.changes.map((change) => change.state)).toEqual(['waiting', 'waiting']);
  });

  test('go on past one that was refused, and the follower continues from the version known', async () => {
    const { outbox, network, kinds } = anOutbox({ 'PATCH /api/todo/todos/t1': [problem(422, 'invalid'), accepted(6)] }, new TestDisk(), 5);
    await outbox.add(rename(''), aTodo({ version: 5 }));
    await outbox.add(rename('B'), aTodo({ version: 5 }));
    await outbox.flush();
    expect(kinds()).toEqual(['refused', 'accepted']);
    expect(network.writes()[1]?.headers.get('if-match')).toBe('"5"');
    expect(outbox.changes[0]?.problem?.code).toBe('invalid');
  });

  test('added while others are on their way are sent as well', async () => {
    const setup = anOutbox({
      'PATCH /api/todo/todos/t1': async () => {
        await setup.outbox.add(rename('B', 't2'), aTodo({ id: 't2' }));
        void setup.outbox.flush();
        return accepted(2);
      },
      'PATCH /api/todo/todos/t2': accepted(2),
    });
    await setup.outbox.add(rename('A'), aTodo());
    await setup.outbox.flush();
    expect(setup.kinds()).toEqual(['accepted', 'accepted']);
  });

  test('made together leave in one request and are answered one by one', async () => {
    const reply = json(
      {
        items: [
          { index: 0, status: 200, body: aTodo({ version: 2 }) },
          { index: 1, status: 404, problem: { type: 'x', title: 'Gone', status: 404, code: 'notFound' } },
        ],
      },
      207,
      { undo: 'change-9' },
    );
    const { outbox, network, kinds, results } = anOutbox({ 'POST /api/todo/todos/batch': reply });
    await outbox.add({ kind: 'complete', todoId: 't1' }, aTodo(), 'g');
    await outbox.add(rename('B', 't2'), aTodo({ id: 't2', version: 7 }), 'g');
    await outbox.flush();
    expect(kinds()).toEqual(['accepted', 'refused']);
    expect(results[0]?.kind === 'accepted' && results[0].reply.headers.get('undo')).toBe('change-9');
    expect(network.writes()).toHaveLength(1);
    expect(network.writes()[0]?.body).toEqual({
      atomic: false,
      operations: [
        { op: 'complete', id: 't1' },
        { op: 'update', id: 't2', version: 7, body: { title: 'B' } },
      ],
    });
  });

  test('made together say the same under the same key when they are sent again', async () => {
    const { outbox, network } = anOutbox({
      'POST /api/todo/todos/batch': [
        new TypeError('cut'),
        json({ items: [0, 1].map((index) => ({ index, status: 200, body: aTodo({ version: 2 }) })) }, 207),
      ],
    });
    await outbox.add(rename('A'), aTodo(), 'g');
    await outbox.add(rename('B', 't2'), aTodo({ id: 't2' }), 'g');
    await outbox.flush();
    await outbox.flush();
    const [first, second] = network.writes();
    expect(second?.headers.get('idempotency-key')).toBe(first?.headers.get('idempotency-key'));
    expect(second?.body).toEqual(first?.body);
    expect(outbox.changes).toHaveLength(0);
  });
});

describe('when somebody else was faster', () => {
  test('other fields are merged without a question', async () => {
    const theirs = aTodo({ version: 2, notes: 'theirs' });
    const { outbox, network, kinds } = anOutbox({
      'PATCH /api/todo/todos/t1': [problem(412, 'versionMismatch'), accepted(3)],
      'GET /api/todo/todos/t1': json(theirs),
    });
    await outbox.add(rename('mine'), aTodo());
    await outbox.flush();
    expect(kinds()).toEqual(['merged', 'accepted']);
    expect(network.writes().map((call) => [call.headers.get('if-match'), call.headers.get('idempotency-key')])).toEqual([
      ['"1"', 'key-1'],
      ['"2"', 'key-2'],
    ]);
  });

  test('the same field asks the person, other todos go on, and the choice is sent', async () => {
    const theirs = aTodo({ version: 2, title: 'theirs' });
    const { outbox, network, kinds } = anOutbox({
      'PATCH /api/todo/todos/t1': [problem(412, 'versionMismatch'), accepted(3)],
      'PATCH /api/todo/todos/t2': accepted(2),
      'GET /api/todo/todos/t1': json(theirs),
    });
    const change = await outbox.add(rename('mine'), aTodo());
    await outbox.add(rename('other', 't2'), aTodo({ id: 't2' }));
    await outbox.flush();
    expect(kinds()).toEqual(['conflict', 'accepted']);
    expect(outbox.changes[0]?.theirs?.title).toBe('theirs');
    await outbox.replace(change.seq, rename('both'), theirs);
    await outbox.flush();
    expect(network.writes().at(-1)?.body).toEqual({ title: 'both' });
    expect(network.writes().at(-1)?.headers.get('if-match')).toBe('"2"');
    expect(outbox.changes).toHaveLength(0);
  });

  test('somebody who writes without pause does not keep us busy for ever', async () => {
    let version = 1;
    const { outbox, network } = anOutbox({
      'PATCH /api/todo/todos/t1': () => problem(412, 'versionMismatch'),
      'GET /api/todo/todos/t1': () => json(aTodo({ version: ++version })),
    });
    await outbox.add(rename('mine'), aTodo());
    await outbox.flush();
    expect(network.writes().length).toBeLessThanOrEqual(6);
    expect(outbox.changes[0]?.state).toBe('waiting');
  });

  test('a todo that is gone is told, not retried for ever', async () => {
    const { outbox, kinds } = anOutbox({
      'PATCH /api/todo/todos/t1': problem(412, 'versionMismatch'),
      'GET /api/todo/todos/t1': problem(404, 'notFound'),
    });
    await outbox.add(rename('mine'), aTodo());
    await outbox.flush();
    expect(kinds()).toEqual(['conflict']);
    expect(outbox.changes[0]?.theirs).toBeNull();
  });
});

test('creating what exists already was an earlier try that arrived', async () => {
  const { outbox, kinds, network } = anOutbox({
    'POST /api/todo/todos': problem(412, 'exists'),
    'GET /api/todo/todos/t9': json(aTodo({ id: 't9' })),
  });
  await outbox.add({ kind: 'create', todoId: 't9', draft: { title: 'New' } }, null);
  await outbox.flush();
  expect(kinds()).toEqual(['accepted']);
  expect(network.writes()[0]?.headers.get('if-none-match')).toBe('*');
});

test('deleting what is gone is done', async () => {
  const { outbox, kinds } = anOutbox({ 'DELETE /api/todo/todos/t1': problem(404, 'notFound') });
  await outbox.add({ kind: 'delete', todoId: 't1' }, aTodo());
  await outbox.flush();
  expect(kinds()).toEqual(['accepted']);
});

test('being signed out, throttled or busy keeps the change; being forbidden does not', async () => {
  const cases = [
    problem(401, 'unauthenticated'),
    problem(429, 'rateLimited'),
    problem(403, 'csrfToken'),
    problem(409, 'running', { retryable: true }),
    problem(403, 'missingScope'),
    problem(409, 'listDeleted'),
  ];
  const seen: string[] = [];
  for (const answer of cases) {
    const { outbox, kinds } = anOutbox({ 'PATCH /api/todo/todos/t1': answer });
    await outbox.add(rename('A'), aTodo());
    await outbox.flush();
    seen.push(...kinds());
  }
  expect(seen).toEqual(['later', 'later', 'later', 'later', 'refused', 'refused']);
});
