import type { Api, ApiReply } from '@slipway/ui';
import { dayIn } from './days.ts';
import { type TodoQuery, toParameters } from './query.ts';
import type { HistoryEntry, ImportReport, Invitation, List, Member, NamedCount, Paged, Parsed, Role, StatusReport, Todo } from './types.ts';

const root = '/api/todo';

/** Every call the page makes, in one place; what reads is retried, what writes carries its own idempotency key. */
export class TodoClient {
  constructor(
    readonly api: Api,
    readonly timeZone: string,
  ) {}

  todos(query: TodoQuery, cursor?: string | null, signal?: AbortSignal): Promise<Paged<Todo>> {
    const facets = cursor ? undefined : 'tags,category,priority';
    return this.api(`${root}/todos`, {
      query: { ...toParameters(query, this.timeZone, dayIn(this.timeZone, Date.now())), limit: 100, cursor, facets },
      signal,
    });
  }

  todo(id: string): Promise<Todo> {
    return this.api(`${root}/todos/${id}`);
  }

  history(id: string): Promise<Paged<HistoryEntry>> {
    return this.api(`${root}/todos/${id}/history`);
  }

  parse(text: string, language: string, signal?: AbortSignal): Promise<Parsed> {
    const body = { text, timeZone: this.timeZone, language, dryRun: true };
    return this.api<{ parsed: Parsed }>(`${root}/todos/quick`, { method: 'POST', body, signal, timeoutMs: 4000 }).then(
      (reply) => reply.parsed,
    );
  }

  undo(changeId: string): Promise<{ undone: boolean; todo?: Todo; list?: List }> {
    return this.api(`${root}/changes/${changeId}/undo`, { method: 'POST', idempotencyKey: `undo-${changeId}` });
  }

  lists(): Promise<Paged<List>> {
    return this.api(`${root}/lists`);
  }

  createList(name: string, color: string | null, key: string): Promise<List> {
    return this.api(`${root}/lists`, { method: 'POST', body: color ? { name, color } : { name }, idempotencyKey: key });
  }

  changeList(list: List, patch: Partial<Pick<List, 'name' | 'color'>>): Promise<ApiReply<List>> {
    return this.api.reply(`${root}/lists/${list.id}`, { method: 'PATCH', body: patch, ifMatch: list.version });
  }

  deleteList(list: List): Promise<ApiReply<void>> {
    return this.api.reply(`${root}/lists/${list.id}`, { method: 'DELETE', ifMatch: list.version });
  }

  restoreList(id: string): Promise<List> {
    return this.api(`${root}/lists/${id}/restore`, { method: 'POST' });
  }

  invited(listId: string): Promise<{ items: readonly Invitation[] }> {
    return this.api(`${root}/lists/${listId}/invitations`);
  }

  withdraw(listId: string, invitationId: string): Promise<void> {
    return this.api(`${root}/lists/${listId}/invitations/${invitationId}`, { method: 'DELETE' });
  }

  members(listId: string): Promise<{ items: readonly Member[] }> {
    return this.api(`${root}/lists/${listId}/members`);
  }

  invite(listId: string, email: string, role: Role, key: string): Promise<Invitation> {
    return this.api(`${root}/lists/${listId}/invitations`, { method: 'POST', body: { email, role }, idempotencyKey: key });
  }

  changeRole(listId: string, userId: string, role: Role): Promise<Member> {
    return this.api(`${root}/lists/${listId}/members/${userId}`, { method: 'PATCH', body: { role } });
  }

  removeMember(listId: string, userId: string): Promise<void> {
    return this.api(`${root}/lists/${listId}/members/${userId}`, { method: 'DELETE' });
  }

  invitations(): Promise<{ items: readonly Invitation[] }> {
    return this.api(`${root}/invitations`);
  }

  answerInvitation(id: string, answer: 'accept' | 'decline'): Promise<unknown> {
    return this.api(`${root}/invitations/${id}/${answer}`, { method: 'POST', idempotencyKey: `${answer}-${id}` });
  }

  tags(): Promise<{ items: readonly NamedCount[] }> {
    return this.api(`${root}/tags`);
  }

  categories(): Promise<{ items: readonly NamedCount[] }> {
    return this.api(`${root}/categories`);
  }

  emptyTrash(): Promise<void> {
    return this.api(`${root}/trash`, { method: 'DELETE' });
  }

  import(file: Blob, contentType: string, listId: string | undefined, key: string): Promise<ImportReport> {
    return this.api(`${root}/imports`, {
      method: 'POST',
      body: file,
      contentType,
      query: { listId },
      idempotencyKey: key,
      timeoutMs: 60_000,
    });
  }

  exportUrl(format: 'csv' | 'json' | 'ics'): string {
    return `${root}/exports?format=${format}`;
  }

  insights(body: unknown, signal?: AbortSignal): Promise<unknown> {
    return this.api('/api/insights/insights', { method: 'POST', body, signal, timeoutMs: 30_000 });
  }

  status(): Promise<StatusReport> {
    return this.api('/api/status', { timeoutMs: 5000 });
  }
}
