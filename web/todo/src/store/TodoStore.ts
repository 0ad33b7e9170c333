import { type Api, type ApiReply, NoAnswerError, ProblemError } from '@slipway/ui';
import type { TodoClient } from '../contract/client.ts';
import { dayIn } from '../contract/days.ts';
import { newId } from '../contract/ids.ts';
import { belongs, queryKey, type TodoQuery } from '../contract/query.ts';
import type { List, LiveChange, Todo, TodoDraft } from '../contract/types.ts';
import { type Change, type Intent, inverseOf } from './change.ts';
import type { Disk } from './disk.ts';
import { Outbox, type SendResult } from './outbox.ts';
import { type Connection, emptyState, emptyView, inboxOf, type LoadedView, shownTodo, storedView, type TodoState } from './state.ts';

export interface Notice {
  readonly kind: 'refused' | 'conflict' | 'recurred' | 'reminder' | 'undoFailed' | 'notStored';
  readonly change?: Change;
  readonly todo?: Todo;
  readonly error?: unknown;
}

export interface TodoStoreOptions {
  readonly client: TodoClient;
  readonly disk: Disk;
  readonly userId: string;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly exclusively?: (work: () => Promise<void>) => Promise<void>;
  readonly onNotice?: (notice: Notice) => void;
  readonly renewSession?: () => Promise<unknown>;
}

/** The page's picture of the world. It changes only here, and every change of it makes a new state. */
export class TodoStore {
  #state: TodoState;
  readonly #listeners = new Set<() => void>();
  readonly #outbox: Outbox;
  readonly #undoIds = new Map<number, string>();
  /** What was made here is no news to the person who made it, however early the live stream reports it. */
  readonly #made = new Set<string>();
  readonly #now: () => number;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #retryMs = 1000;
  onNotice: (notice: Notice) => void;

  constructor(readonly options: TodoStoreOptions) {
    this.#state = emptyState(options.userId);
    this.#now = options.now ?? Date.now;
    this.onNotice = options.onNotice ?? (() => {});
    this.#outbox = new Outbox({
      api: options.client.api as Api,
      disk: options.disk,
      fetchTodo: (id) => options.client.todo(id),
      knownVersion: (id) => this.#state.todos.get(id)?.version ?? null,
      newKey: () => newId(),
      now: this.#now,
      random: options.random ?? Math.random,
      exclusively: options.exclusively,
      onResult: (result) => this.#take(result),
      onNotStored: (error) => this.onNotice({ kind: 'notStored', error }),
      onChanged: () => this.#set({ changes: this.#outbox.changes }),
    });
  }

  get state(): TodoState {
    return this.#state;
  }

  readonly getState = (): TodoState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What was kept from the last visit is shown at once, then the server is asked. */
  async open(): Promise<void> {
    try {
      const stored = await this.options.disk.load();
      this.#outbox.restore(stored.changes);
      const views = [...stored.views].map(([key, view]) => [key, storedView(key, view.ids, view.loadedAt)] as const);
      this.#set({
        todos: new Map(stored.todos.map((todo) => [todo.id, todo])),
        lists: new Map(stored.lists.map((list) => [list.id, list])),
        listsLoaded: stored.lists.length > 0,
        views: new Map(views),
        changes: this.#outbox.changes,
      });
    } catch (error) {
      this.onNotice({ kind: 'notStored', error });
    }
  }

  close(): void {
    if (this.#retry) clearTimeout(this.#retry);
    this.#outbox.pause(true);
  }

  setConnection(connection: Connection): void {
    if (this.#state.connection !== connection) this.#set({ connection });
    if (connection === 'live') void this.flush();
  }

  // Reading

  async loadLists(): Promise<void> {
    const { items } = await this.options.client.lists();
    this.#set({ lists: new Map(items.filter((list) => !list.deletedAt).map((list) => [list.id, list])), listsLoaded: true });
    await this.#keep(() => this.options.disk.putLists(items));
  }

  async load(query: TodoQuery, more = false): Promise<void> {
    const key = queryKey(query);
    const before = this.#state.views.get(key);
    if (before?.loading || (more && !before?.next)) return;
    this.#setView(key, { ...(before ?? emptyView(query)), loading: true, error: null });
    try {
      const reply = await this.options.client.todos(query, more ? before?.next : null);
      const ids = reply.items.map((todo) => todo.id);
      this.#putTodos(reply.items);
      const all = more ? [...new Set([...(before?.ids ?? []), ...ids])] : ids;
      const view: LoadedView = {
        query,
        ids: all,
        next: reply.page.next,
        loadedAt: this.#now(),
        facets: reply.facets ?? before?.facets ?? [],
        loading: false,
        error: null,
        news: 0,
      };
      this.#setView(key, view);
      await this.#keep(() => this.options.disk.putView(key, { ids: all, loadedAt: view.loadedAt }));
    } catch (error) {
      this.#setView(key, { ...(this.#state.views.get(key) ?? emptyView(query)), loading: false, error });
      if (error instanceof NoAnswerError) this.setConnection('offline');
    }
  }

  async loadTodo(id: string): Promise<Todo> {
    const todo = await this.options.client.todo(id);
    this.#putTodos([todo]);
    return todo;
  }

  /** Todos that were read on another way than through a view. */
  learn(todos: readonly Todo[]): void {
    this.#putTodos(todos);
  }

  // Writing

  create(draft: TodoDraft): Promise<Change> {
    return this.change({ kind: 'create', todoId: newId(this.#now()), draft });
  }

  async change(intent: Intent, group?: string): Promise<Change> {
    const base = shownTodo(this.#state, intent.todoId) ?? null;
    if (intent.kind === 'create') this.#made.add(intent.todoId);
    const change = await this.#outbox.add(intent, base, group);
    // A group goes out once its last member is there.
    if (!group) void this.flush();
    return change;
  }

  /** What is done together leaves in one request. */
  async changeAll(intents: readonly Intent[]): Promise<readonly Change[]> {
    const group = intents.length > 1 ? newId(this.#now()) : undefined;
    const changes: Change[] = [];
    try {
      for (const intent of intents) changes.push(await this.change(intent, group));
    } finally {
      if (group) void this.flush();
    }
    return changes;
  }

  async undoAll(changes: readonly Change[]): Promise<void> {
    const answered = new Set<string>();
    for (const change of [...changes].reverse()) {
      const undoId = this.#undoIds.get(change.seq);
      // One undo takes a whole batch back.
      if (undoId && answered.has(undoId)) continue;
      if (undoId) answered.add(undoId);
      await this.undo(change);
    }
    const many = changes.filter((change) => change.group && this.#undoIds.has(change.seq));
    await Promise.all(many.map((change) => this.loadTodo(change.intent.todoId).catch(() => {})));
  }

  /** Before it has left it is simply taken back; afterwards the server takes it back, or we do the opposite. */
  async undo(change: Change): Promise<void> {
    if (await this.#outbox.withdraw(change.seq)) return;
    await this.flush();
    const undoId = this.#undoIds.get(change.seq);
    try {
      if (undoId) {
        const reply = await this.options.client.undo(undoId);
        if (reply.todo) this.#putTodos([reply.todo]);
        if (change.intent.kind === 'create') this.#dropTodo(change.intent.todoId);
        else if (!reply.todo) await this.loadTodo(change.intent.todoId);
        return;
      }
      const inverse = inverseOf(change);
      if (inverse) await this.change(inverse);
    } catch (error) {
      this.onNotice({ kind: 'undoFailed', change, error });
    }
  }

  async resolve(seq: number, intent: Intent | null, seen: Todo | null): Promise<void> {
    if (seen) this.#putTodos([seen]);
    if (intent) await this.#outbox.replace(seq, intent, seen);
    else await this.#outbox.discard(seq);
    void this.flush();
  }

  async flush(): Promise<void> {
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
    await this.#outbox.flush();
  }

  // What others did

  async takeLive(type: string, change: LiveChange): Promise<void> {
    if (type === 'member') this.#set({ sharingTurn: this.#state.sharingTurn + 1 });
    if (type === 'list' || type === 'member') {
      await this.loadLists();
      return;
    }
    if (type === 'reminder') {
      const todo = this.#state.todos.get(change.id) ?? (await this.loadTodo(change.id));
      if (!todo.completed && !todo.deletedAt) this.onNotice({ kind: 'reminder', todo });
      return;
    }
    if (type !== 'todo' || this.#isOwn(change)) return;
    const known = this.#state.todos.get(change.id);
    if (change.action === 'purged' || change.action === 'deleted') {
      if (known) this.#putTodos([{ ...known, deletedAt: change.at, version: change.version }]);
      return;
    }
    const todo = await this.options.client.todo(change.id).catch((error: unknown) => {
      if (error instanceof ProblemError && error.status === 404) return null;
      throw error;
    });
    if (!todo) this.#dropTodo(change.id);
    else {
      this.#putTodos([todo]);
      if (!known) this.#countNews(todo);
    }
  }

  /** After a gap in the live stream nobody knows what was missed. */
  async refreshShown(queries: Iterable<TodoQuery>): Promise<void> {
    await Promise.all([this.loadLists().catch(() => {}), ...[...queries].map((query) => this.load(query))]);
  }

  #isOwn(change: LiveChange): boolean {
    const known = this.#state.todos.get(change.id);
    if (known && known.version >= change.version) return true;
    return this.#outbox.changesOf(change.id).some((own) => own.state === 'sending');
  }

  #take(result: SendResult): void {
    const { change } = result;
    if (result.kind === 'accepted') {
      this.#retryMs = 1000;
      this.#accept(change, result.reply);
    } else if (result.kind === 'later') {
      this.#scheduleRetry(result.error);
    } else if (result.kind !== 'merged') {
      this.onNotice({ kind: result.kind, change });
    }
  }

  #accept(change: Change, reply: ApiReply<unknown>): void {
    const undoId = reply.headers.get('undo');
    if (undoId) this.#undoIds.set(change.seq, undoId);
    const body = reply.body as (Todo & { todo?: undefined; next?: undefined }) | { todo: Todo; next?: Todo | null } | undefined;
    const todo = body && 'todo' in body && body.todo ? body.todo : (body as Todo | undefined);
    if (todo?.id) {
      this.#putTodos([todo]);
      this.#joinViews(todo, change);
    } else if (change.intent.kind === 'delete') {
      const known = this.#state.todos.get(change.intent.todoId);
      if (known) this.#putTodos([{ ...known, deletedAt: change.at }]);
    }
    const next = body && 'next' in body ? body.next : null;
    if (next) {
      this.#made.add(next.id);
      this.#putTodos([next]);
      this.#joinViews(next, change);
      this.onNotice({ kind: 'recurred', change, todo: next });
    }
    if (todo?.parentId) void this.loadTodo(todo.parentId).catch(() => {});
    if (this.#outbox.changes.length === 0) void this.loadLists().catch(() => {});
  }

  /** Once answered, a new todo must not vanish from the views it was added to, nor a moved one jump back. */
  #joinViews(todo: Todo, change: Change): void {
    const views = new Map(this.#state.views);
    for (const [key, view] of views) {
      let ids = view.ids.includes(todo.id) ? view.ids : [...view.ids, todo.id];
      if (change.intent.kind === 'move') {
        const { beforeId, afterId } = change.intent;
        const neighbour = beforeId ?? afterId;
        if (neighbour && ids.includes(neighbour) && neighbour !== todo.id) {
          const rest = ids.filter((id) => id !== todo.id);
          rest.splice(rest.indexOf(neighbour) + (beforeId ? 0 : 1), 0, todo.id);
          ids = rest;
        }
      }
      if (ids !== view.ids) views.set(key, { ...view, ids });
    }
    this.#set({ views });
  }

  #countNews(todo: Todo): void {
    if (this.#made.has(todo.id)) return;
    const now = this.#now();
    const today = { date: dayIn(this.options.client.timeZone, now), now };
    const inboxId = inboxOf(this.#state)?.id ?? null;
    const views = new Map(this.#state.views);
    for (const [key, view] of views) {
      if (belongs(todo, view.query, today, inboxId)) views.set(key, { ...view, news: view.news + 1 });
    }
    this.#set({ views });
  }

  #scheduleRetry(error: unknown): void {
    if (error instanceof ProblemError && error.status === 401) {
      this.setConnection('signedOut');
      return;
    }
    if (error instanceof ProblemError && error.code === 'csrfToken') void this.options.renewSession?.().catch(() => {});
    if (error instanceof NoAnswerError) this.setConnection('offline');
    const asked = error instanceof ProblemError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    this.#retryMs = Math.min(this.#retryMs * 2, 60_000);
    this.#retry = setTimeout(() => void this.flush(), Math.max(asked, this.#retryMs));
  }

  #putTodos(items: readonly Todo[]): void {
    if (items.length === 0) return;
    const todos = new Map(this.#state.todos);
    const newer = items.filter((todo) => (todos.get(todo.id)?.version ?? -1) <= todo.version);
    for (const todo of newer) todos.set(todo.id, todo);
    this.#set({ todos });
    void this.#keep(() => this.options.disk.putTodos(newer));
  }

  #dropTodo(id: string): void {
    const todos = new Map(this.#state.todos);
    if (!todos.delete(id)) return;
    this.#set({ todos });
    void this.#keep(() => this.options.disk.removeTodos([id]));
  }

  putList(list: List): void {
    const lists = new Map(this.#state.lists);
    if (list.deletedAt) lists.delete(list.id);
    else lists.set(list.id, list);
    this.#set({ lists });
  }

  /** The cache is a convenience; a full disk must not stop anybody from working. Changes are another matter and do fail. */
  async #keep(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.onNotice({ kind: 'notStored', error });
    }
  }

  #setView(key: string, view: LoadedView): void {
    this.#set({ views: new Map(this.#state.views).set(key, view) });
  }

  #set(part: Partial<TodoState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of this.#listeners) listener();
  }
}
