/** The wire contract of todo-api, as the page relies on it. Enumerations are open: unknown values must not break the page. */
export type Priority = 'none' | 'low' | 'medium' | 'high';

export const priorities: readonly Priority[] = ['high', 'medium', 'low', 'none'];

export interface Due {
  readonly date: string;
  readonly time: string | null;
  readonly timeZone: string | null;
}

export interface Reminder {
  readonly minutesBefore: number;
}

export interface Todo {
  readonly id: string;
  readonly listId: string;
  readonly parentId: string | null;
  readonly title: string;
  readonly notes: string;
  readonly category: string | null;
  readonly priority: Priority;
  readonly tags: readonly string[];
  readonly due: Due | null;
  readonly dueAt: string | null;
  readonly recurrence: string | null;
  readonly reminders: readonly Reminder[];
  readonly position: string;
  readonly completed: boolean;
  readonly completedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly createdBy: string | null;
  readonly deletedAt: string | null;
  readonly purgeAt: string | null;
  readonly version: number;
  readonly subtasks: { readonly total: number; readonly done: number };
}

/** What a person may change; exactly the members a merge patch may carry. */
export type TodoFields = Pick<Todo, 'title' | 'notes' | 'category' | 'priority' | 'tags' | 'due' | 'recurrence' | 'reminders'>;
export type TodoPatch = Partial<TodoFields>;
export type TodoDraft = TodoPatch & { readonly title: string; readonly listId?: string; readonly parentId?: string | null };

export type Role = 'owner' | 'editor' | 'viewer';

export interface List {
  readonly id: string;
  readonly name: string;
  readonly color: string | null;
  readonly position: string;
  readonly role: Role;
  readonly shared: boolean;
  readonly inbox: boolean;
  readonly openCount: number;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deletedAt: string | null;
}

export interface Member {
  readonly userId: string;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly role: Role;
}

export interface Invitation {
  readonly id: string;
  readonly listId: string;
  readonly listName?: string | null;
  readonly email?: string | null;
  readonly role: Role;
  readonly invitedBy?: { readonly id: string; readonly name: string | null } | null;
  readonly status?: string;
  readonly createdAt?: string;
  readonly expiresAt?: string | null;
}

export interface Paged<T> {
  readonly items: readonly T[];
  readonly page: {
    readonly limit: number;
    readonly next: string | null;
    readonly prev: string | null;
    readonly total?: { readonly value: number; readonly exact: boolean };
  };
  readonly facets?: readonly Facet[];
}

export interface Facet {
  readonly field: string;
  readonly values: readonly { readonly value: string; readonly label?: string; readonly count: number; readonly selected?: boolean }[];
}

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

export interface Span {
  readonly start: number;
  readonly length: number;
  readonly kind: string;
  readonly text: string;
}

export interface Parsed {
  readonly title: string;
  readonly due: Due | null;
  readonly recurrence: string | null;
  readonly priority: Priority;
  readonly tags: readonly string[];
  readonly category: string | null;
  readonly spans: readonly Span[];
}

export interface HistoryEntry {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly actor?: { readonly id?: string | null; readonly name?: string | null; readonly type?: string | null } | null;
  readonly changes?: readonly { readonly pointer: string; readonly before?: unknown; readonly after?: unknown }[];
}

export interface ImportReport {
  readonly accepted: number;
  readonly rejected: readonly {
    readonly row: number;
    readonly errors: readonly { readonly pointer?: string; readonly code: string; readonly detail?: string }[];
  }[];
}

export interface LiveChange {
  readonly id: string;
  readonly action: string;
  readonly version: number;
  readonly listId: string | null;
  readonly at: string;
}

export interface StatusReport {
  readonly checkedAt: string | null;
  readonly overall: string;
  readonly services: readonly {
    readonly name: string;
    readonly url: string;
    readonly status: string;
    readonly latencyMs: number | null;
    readonly error: string | null;
  }[];
}

export type BatchOperation = {
  readonly op: 'create' | 'update' | 'complete' | 'reopen' | 'delete' | 'move' | 'restore';
  readonly id?: string;
  readonly version?: number;
  readonly body?: unknown;
};
