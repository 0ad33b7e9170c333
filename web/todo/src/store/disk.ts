import type { List, Todo } from '../contract/types.ts';
import type { Change } from './change.ts';

/** What the browser keeps between visits, so that reading and writing go on without a connection. */
export interface Disk {
  load(): Promise<Stored>;
  putChange(change: Change): Promise<void>;
  removeChange(seq: number): Promise<void>;
  putTodos(todos: readonly Todo[]): Promise<void>;
  removeTodos(ids: readonly string[]): Promise<void>;
  putLists(lists: readonly List[]): Promise<void>;
  putView(key: string, view: StoredView): Promise<void>;
  destroy(): Promise<void>;
}

export interface StoredView {
  readonly ids: readonly string[];
  readonly loadedAt: number;
}

export interface Stored {
  readonly todos: readonly Todo[];
  readonly lists: readonly List[];
  readonly views: ReadonlyMap<string, StoredView>;
  readonly changes: readonly Change[];
}

const stores = ['todos', 'lists', 'views', 'changes'] as const;

/** Kept at most; the views looked at longest ago make room. */
const viewsMax = 60;
const todosMax = 5000;

export class IndexedDisk implements Disk {
  readonly #name: string;
  #open: Promise<IDBDatabase> | null = null;

  /** One database per user: a shared computer never shows one person's todos to another. */
  constructor(userId: string) {
    this.#name = `todo-${userId}`;
  }

  async load(): Promise<Stored> {
    const database = await this.#database();
    const transaction = database.transaction(stores, 'readonly');
    const [todos, lists, viewKeys, views, changes] = await Promise.all([
      done(transaction.objectStore('todos').getAll() as IDBRequest<Todo[]>),
      done(transaction.objectStore('lists').getAll() as IDBRequest<List[]>),
      done(transaction.objectStore('views').getAllKeys()),
      done(transaction.objectStore('views').getAll() as IDBRequest<StoredView[]>),
      done(transaction.objectStore('changes').getAll() as IDBRequest<Change[]>),
    ]);
    const entries = viewKeys.map((key, index) => [String(key), views[index] ?? { ids: [], loadedAt: 0 }] as const);
    return { todos, lists, views: new Map(entries), changes };
  }

  putChange(change: Change): Promise<void> {
    return this.#write('changes', (store) => store.put(change));
  }

  removeChange(seq: number): Promise<void> {
    return this.#write('changes', (store) => store.delete(seq));
  }

  putTodos(todos: readonly Todo[]): Promise<void> {
    return this.#write('todos', async (store) => {
      for (const todo of todos) store.put(todo);
      const count = await done(store.count());
      if (count <= todosMax) return;
      // Ids sort by time of creation, so the first keys are the oldest todos.
      const keys = await done(store.getAllKeys(null, count - todosMax));
      for (const key of keys) store.delete(key);
    });
  }

  removeTodos(ids: readonly string[]): Promise<void> {
    return this.#write('todos', (store) => {
      for (const id of ids) store.delete(id);
    });
  }

  putLists(lists: readonly List[]): Promise<void> {
    return this.#write('lists', (store) => {
      store.clear();
      for (const list of lists) store.put(list);
    });
  }

  putView(key: string, view: StoredView): Promise<void> {
    return this.#write('views', async (store) => {
      store.put(view, key);
      const count = await done(store.count());
      if (count <= viewsMax) return;
      const [keys, views] = await Promise.all([done(store.getAllKeys()), done(store.getAll() as IDBRequest<StoredView[]>)]);
      const oldest = keys.map((name, index) => ({ name, at: views[index]?.loadedAt ?? 0 })).sort((a, b) => a.at - b.at);
      for (const { name } of oldest.slice(0, count - viewsMax)) store.delete(name);
    });
  }

  async destroy(): Promise<void> {
    const database = await this.#open?.catch(() => null);
    database?.close();
    this.#open = null;
    await done(indexedDB.deleteDatabase(this.#name));
  }

  async #write(name: (typeof stores)[number], work: (store: IDBObjectStore) => unknown): Promise<void> {
    const database = await this.#database();
    // `strict` waits for the disk: a change shown as kept is kept, even if the machine stops now.
    const transaction = database.transaction(name, 'readwrite', { durability: name === 'changes' ? 'strict' : 'relaxed' });
    const finished = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
    await work(transaction.objectStore(name));
    await finished;
  }

  #database(): Promise<IDBDatabase> {
    this.#open ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore('todos', { keyPath: 'id' });
        request.result.createObjectStore('lists', { keyPath: 'id' });
        request.result.createObjectStore('views');
        request.result.createObjectStore('changes', { keyPath: 'seq' });
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    return this.#open;
  }
}

/** For browsers that forbid storage: everything works, but nothing outlives the tab, and the page says so. */
export class NoDisk implements Disk {
  load = async (): Promise<Stored> => ({ todos: [], lists: [], views: new Map(), changes: [] });
  putChange = async () => {};
  removeChange = async () => {};
  putTodos = async () => {};
  removeTodos = async () => {};
  putLists = async () => {};
  putView = async () => {};
  destroy = async () => {};
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
