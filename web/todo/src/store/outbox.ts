import { type Api, type ApiReply, type Problem, ProblemError } from '@slipway/ui';
import type { Todo } from '../contract/types.ts';
import { type Change, type Intent, needsVersion, toOperation, toRequest } from './change.ts';
import type { Disk } from './disk.ts';
import { findConflicts } from './merge.ts';

/** More than this many unsent changes would take minutes to send; then the page says so and takes no more. */
export const changesMax = 500;

/** Somebody who writes faster than we merge would keep us busy for ever; the next flush tries again. */
const mergesMax = 5;

export type SendResult =
  | { readonly kind: 'accepted'; readonly change: Change; readonly reply: ApiReply<unknown> }
  | { readonly kind: 'refused'; readonly change: Change }
  | { readonly kind: 'conflict'; readonly change: Change }
  /** Somebody else changed other fields meanwhile; the change goes out again on top of theirs. */
  | { readonly kind: 'merged'; readonly change: Change }
  | { readonly kind: 'later'; readonly change: Change; readonly error: unknown };

export interface OutboxOptions {
  readonly api: Api;
  readonly disk: Disk;
  readonly fetchTodo: (id: string) => Promise<Todo>;
  /** The newest version seen from the server, for a change whose predecessor never happened. */
  readonly knownVersion: (id: string) => number | null;
  readonly onResult: (result: SendResult) => void;
  readonly onChanged: () => void;
  /** The browser would not keep something. The change is sent all the same; only closing the page would lose it. */
  readonly onNotStored: (error: unknown) => void;
  readonly newKey: () => string;
  readonly now: () => number;
  readonly random: () => number;
  /** Runs the work while no other tab sends; two tabs would send one change twice and read each other's answers as conflicts. */
  readonly exclusively?: (work: () => Promise<void>) => Promise<void>;
}

interface BatchReply {
  readonly items: readonly { readonly index: number; readonly body?: unknown; readonly problem?: Problem | null }[];
}

/** Sends changes one after the other, in the order in which they were made, until the queue is empty or the server cannot be reached. */
export class Outbox {
  #changes: readonly Change[] = [];
  #lastSeq = 0;
  #sending: Promise<void> | null = null;
  #again = false;
  #paused = false;

  constructor(readonly options: OutboxOptions) {}

  get changes(): readonly Change[] {
    return this.#changes;
  }

  get isFull(): boolean {
    return this.#changes.length >= changesMax;
  }

  changesOf(todoId: string): readonly Change[] {
    return this.#changes.filter((change) => change.intent.todoId === todoId);
  }

  restore(stored: readonly Change[]): void {
    // What was on its way when the page closed is sent again; its key tells the server whether it had arrived.
    this.#changes = stored.map((change) => (change.state === 'sending' ? { ...change, state: 'waiting' as const } : change));
    this.#lastSeq = Math.max(0, ...stored.map((change) => change.seq));
  }

  async add(intent: Intent, base: Todo | null, group?: string): Promise<Change> {
    if (this.isFull) throw new OutboxFullError();
    const earlier = this.changesOf(intent.todoId).some((change) => change.state !== 'refused');
    const change: Change = {
      seq: this.#newSeq(),
      intent,
      idempotencyKey: this.options.newKey(),
      at: new Date(this.options.now()).toISOString(),
      state: 'waiting',
      baseVersion: needsVersion(intent) && base && !earlier ? base.version : null,
      base,
      tries: 0,
      ...(group ? { group } : {}),
    };
    this.#set([...this.#changes, change]);
    await this.#keep(() => this.options.disk.putChange(change));
    return change;
  }

  /** Takes a change back that has not left yet. False when it is too late for that. */
  async withdraw(seq: number): Promise<boolean> {
    const change = this.#changes.find((candidate) => candidate.seq === seq);
    if (!change || change.state === 'sending' || change.tries > 0) return false;
    await this.discard(seq);
    return true;
  }

  async discard(seq: number): Promise<void> {
    this.#set(this.#changes.filter((change) => change.seq !== seq));
    await this.#keep(() => this.options.disk.removeChange(seq));
  }

  /** After a conflict or a refusal the person decides what is sent instead, from the version they have now seen. */
  async replace(seq: number, intent: Intent, seen: Todo | null): Promise<void> {
    await this.#put(seq, {
      intent,
      state: 'waiting',
      base: seen,
      baseVersion: needsVersion(intent) && seen ? seen.version : null,
      // Another body under the same key would be refused.
      idempotencyKey: this.options.newKey(),
      problem: undefined,
      theirs: undefined,
      tries: 0,
      group: undefined,
    });
  }

  pause(paused: boolean): void {
    this.#paused = paused;
  }

  flush(): Promise<void> {
    if (this.#sending) {
      // Something was added while the last of the queue was on its way.
      this.#again = true;
      return this.#sending;
    }
    this.#sending = this.#flush();
    return this.#sending;
  }

  async #flush(): Promise<void> {
    const exclusively = this.options.exclusively ?? ((work: () => Promise<void>) => work());
    try {
      do {
        this.#again = false;
        await exclusively(() => this.#sendAll());
      } while (this.#again);
    } finally {
      this.#sending = null;
    }
  }

  async #sendAll(): Promise<void> {
    const stuck = new Set(this.#changes.filter((change) => change.state === 'conflict').map((change) => change.intent.todoId));
    for (;;) {
      const next = this.#changes.find((change) => change.state === 'waiting' && !stuck.has(change.intent.todoId));
      if (!next || this.#paused) return;
      const group = this.#changes.filter(
        (change) =>
          change === next || (next.group && change.group === next.group && change.state === 'waiting' && !stuck.has(change.intent.todoId)),
      );
      const results = group.length > 1 ? await this.#sendBatch(group) : [await this.#send(next)];
      for (const result of results) {
        this.options.onResult(result);
        if (result.kind === 'conflict') stuck.add(result.change.intent.todoId);
      }
      if (results.some((result) => result.kind === 'later' || (result.kind === 'merged' && result.change.tries >= mergesMax))) return;
    }
  }

  async #send(waiting: Change): Promise<SendResult> {
    const change = await this.#put(waiting.seq, { state: 'sending', tries: waiting.tries + 1 });
    const request = toRequest(this.#withVersion(change));
    try {
      const reply = await this.options.api.reply(request.path, { ...request, idempotencyKey: change.idempotencyKey });
      await this.#finish(change, reply);
      return { kind: 'accepted', change, reply };
    } catch (error) {
      return this.#failed(change, error);
    }
  }

  /** One request for what was done together; each line is accepted or refused for itself. */
  async #sendBatch(waiting: readonly Change[]): Promise<readonly SendResult[]> {
    const changes: Change[] = [];
    for (const change of waiting) {
      // The version is written down before the first try, so that every try says exactly the same under the same key.
      const { baseVersion } = this.#withVersion(change);
      changes.push(await this.#put(change.seq, { state: 'sending', tries: change.tries + 1, baseVersion }));
    }
    const key = `${changes[0]?.group}-${changes.length}`;
    try {
      const body = { atomic: false, operations: changes.map(toOperation) };
      const reply = await this.options.api.reply<BatchReply>('/api/todo/todos/batch', {
        method: 'POST',
        body,
        idempotencyKey: key,
        timeoutMs: 30_000,
      });
      const results: SendResult[] = [];
      for (const [index, change] of changes.entries()) {
        const item = reply.body.items.find((candidate) => candidate.index === index);
        if (!item) results.push(await this.#later(change, new Error('The batch was answered without this line.')));
        else if (item.problem) results.push(await this.#failed(change, new ProblemError(item.problem)));
        else results.push(await this.#accepted(change, item.body ?? undefined, null, reply.headers));
      }
      return results;
    } catch (error) {
      const results: SendResult[] = [];
      for (const change of changes) results.push(await this.#failed(change, error));
      return results;
    }
  }

  async #failed(change: Change, error: unknown): Promise<SendResult> {
    if (error instanceof ProblemError) {
      const { intent } = change;
      if (error.isConflict) return intent.kind === 'create' ? this.#createdBefore(change, error) : this.#conflict(change, error);
      // Gone already is what was wanted.
      if (intent.kind === 'delete' && (error.status === 404 || error.status === 410)) return this.#accepted(change, undefined, error.etag);
      if (isFinal(error)) return { kind: 'refused', change: await this.#put(change.seq, { state: 'refused', problem: error.problem }) };
    }
    return this.#later(change, error);
  }

  /** The proposed id exists: an earlier try arrived although its answer did not. */
  async #createdBefore(change: Change, error: ProblemError): Promise<SendResult> {
    try {
      return await this.#accepted(change, await this.options.fetchTodo(change.intent.todoId), null);
    } catch {
      return { kind: 'refused', change: await this.#put(change.seq, { state: 'refused', problem: error.problem }) };
    }
  }

  async #conflict(change: Change, error: ProblemError): Promise<SendResult> {
    const { intent, base, seq, tries } = change;
    let theirs: Todo | null;
    try {
      theirs = await this.options.fetchTodo(intent.todoId);
    } catch (reason) {
      if (!(reason instanceof ProblemError) || !isFinal(reason)) return this.#later(change, reason);
      theirs = null;
    }
    if (intent.kind === 'update' && base && theirs && findConflicts(base, intent.patch, theirs).length === 0) {
      await this.replace(seq, intent, theirs);
      return { kind: 'merged', change: await this.#put(seq, { tries }) };
    }
    return { kind: 'conflict', change: await this.#put(seq, { state: 'conflict', problem: error.problem, theirs }) };
  }

  async #later(change: Change, error: unknown): Promise<SendResult> {
    return { kind: 'later', change: await this.#put(change.seq, { state: 'waiting' }), error };
  }

  async #accepted(change: Change, body: unknown, etag: string | null, headers = new Headers()): Promise<SendResult> {
    const reply: ApiReply<unknown> = { status: 200, body, etag, headers };
    await this.#finish(change, reply);
    return { kind: 'accepted', change, reply };
  }

  async #finish(change: Change, reply: ApiReply<unknown>): Promise<void> {
    this.#passVersionOn(change, reply);
    await this.discard(change.seq);
  }

  #withVersion(change: Change): Change {
    if (!needsVersion(change.intent) || change.baseVersion !== null) return change;
    return { ...change, baseVersion: this.options.knownVersion(change.intent.todoId) };
  }

  /** The next change of the same todo was made on top of this one, so it continues from the version this one produced. */
  #passVersionOn(change: Change, reply: ApiReply<unknown>): void {
    const version = versionOf(reply);
    if (version === null) return;
    const follower = this.#changes.find((other) => other.seq > change.seq && other.intent.todoId === change.intent.todoId);
    if (follower && follower.baseVersion === null) {
      const next = { ...follower, baseVersion: needsVersion(follower.intent) ? version : null };
      this.#set(this.#changes.map((other) => (other.seq === follower.seq ? next : other)));
      void this.#keep(() => this.options.disk.putChange(next));
    }
  }

  async #put(seq: number, changes: Partial<Change>): Promise<Change> {
    const current = this.#changes.find((change) => change.seq === seq);
    if (!current) throw new Error(`No change ${seq} is waiting`);
    const next: Change = { ...current, ...changes };
    this.#set(this.#changes.map((change) => (change.seq === seq ? next : change)));
    await this.#keep(() => this.options.disk.putChange(next));
    return next;
  }

  async #keep(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.options.onNotStored(error);
    }
  }

  /** Rises with time and differs between tabs, which share one store on disk. */
  #newSeq(): number {
    const made = this.options.now() * 1024 + Math.floor(this.options.random() * 1024);
    this.#lastSeq = Math.max(made, this.#lastSeq + 1);
    return this.#lastSeq;
  }

  #set(changes: readonly Change[]): void {
    this.#changes = changes;
    this.options.onChanged();
  }
}

/** An answer that will be the same next time. Being signed out, too early, too often or still busy are not. */
function isFinal(error: ProblemError): boolean {
  // A session's token may have changed under the page; with the new one the same request is fine.
  if (error.status >= 500 || error.code === 'csrfToken' || [401, 408, 425, 429].includes(error.status)) return false;
  return error.status !== 409 || (error.retryAfterSeconds === null && error.problem.retryable !== true);
}

export class OutboxFullError extends Error {
  constructor() {
    super(`More than ${changesMax} changes are waiting to be sent.`);
    this.name = 'OutboxFullError';
  }
}

export function versionOf(reply: ApiReply<unknown>): number | null {
  const match = /^(?:W\/)?"(\d+)"$/.exec(reply.etag ?? '');
  if (match) return Number(match[1]);
  const body = reply.body as { version?: unknown; todo?: { version?: unknown } } | undefined;
  const version = body?.version ?? body?.todo?.version;
  return typeof version === 'number' ? version : null;
}
