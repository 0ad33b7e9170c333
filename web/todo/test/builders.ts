import { type ApiReply, createApi } from '@slipway/ui';
import { TodoClient } from '../src/contract/client.ts';
import type { List, Todo } from '../src/contract/types.ts';
import type { Change } from '../src/store/change.ts';
import type { Disk, Stored } from '../src/store/disk.ts';

export const now = Date.parse('2026-11-21T10:00:00Z');

export function aTodo(part: Partial<Todo> = {}): Todo {
  return {
    id: 't1',
    listId: 'inbox',
    parentId: null,
    title: 'Call Ann',
    notes: '',
    category: null,
    priority: 'none',
    tags: [],
    due: null,
    dueAt: null,
    recurrence: null,
    reminders: [],
    position: 'a',
    completed: false,
    completedAt: null,
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
    createdBy: 'ann',
    deletedAt: null,
    purgeAt: null,
    version: 1,
    subtasks: { total: 0, done: 0 },
    ...part,
  };
}

export function aList(part: Partial<List> = {}): List {
  return {
    id: 'inbox',
    name: 'Inbox',
    color: null,
    position: 'a',
    role: 'owner',
    shared: false,
    inbox: true,
    openCount: 1,
    version: 1,
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
    deletedAt: null,
    ...part,
  };
}

/** What a browser keeps, in memory, with a record of every change that was written down. */
export class TestDisk implements Disk {
  changes = new Map<number, Change>();
  stored: Stored = { todos: [], lists: [], views: new Map(), changes: [] };
  full = false;

  async load(): Promise<Stored> {
    return { ...this.stored, changes: [...this.changes.values()] };
  }
  async putChange(change: Change): Promise<void> {
    if (this.full) throw new Error('QuotaExceededError');
    this.changes.set(change.seq, change);
  }
  async removeChange(seq: number): Promise<void> {
    this.changes.delete(seq);
  }
  putTodos = async () => {};
  removeTodos = async () => {};
  putLists = async () => {};
  putView = async () => {};
  destroy = async () => {};
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly headers: Headers;
}

export type Answer = Response | Error | ((call: Call) => Response | Error | Promise<Response>);

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers },
  });

export const problem = (status: number, code: string, more: object = {}, headers: Record<string, string> = {}) =>
  json({ type: `/problems/${code}`, title: code, status, code, ...more }, status, headers);

/** A network that answers by method and path; what nobody planned for is a mistake of the test. */
export function aNetwork(routes: Readonly<Record<string, Answer | Answer[]>>) {
  const calls: Call[] = [];
  const plan = new Map(Object.entries(routes));
  const send: typeof fetch = async (input, init) => {
    const url = new URL(String(input), 'http://todo.localhost:8080');
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : init?.body;
    const call: Call = {
      method: init?.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      body,
      headers: new Headers(init?.headers),
    };
    calls.push(call);
    const planned = plan.get(`${call.method} ${call.path}`);
    const answer = Array.isArray(planned) ? planned.shift() : planned;
    if (!answer) throw new TypeError(`Nobody answers ${call.method} ${call.path}`);
    const given = typeof answer === 'function' ? await answer(call) : answer;
    if (given instanceof Error) throw given;
    return given.clone();
  };
  const api = createApi({ fetch: send, wait: async () => {}, random: () => 0.5, triesMax: 1, csrfToken: () => 'csrf' });
  const writes = () => calls.filter((call) => call.method !== 'GET');
  return { calls, writes, plan, api, client: new TodoClient(api, 'Europe/Berlin') };
}

export const page = (items: readonly unknown[], facets: readonly unknown[] = []) =>
  json({ items, page: { limit: 50, next: null, prev: null }, facets });

export async function until(condition: () => boolean, what: string): Promise<void> {
  const limit = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export type { ApiReply };
