import type { Priority, Todo } from '../contract/types.ts';

/** What todo-insights answers. Everything may be missing: an analyser that knows less is still welcome. */
export interface Evidence {
  readonly todoId: string;
  readonly text: string;
  readonly why?: string;
}

export interface Insights {
  readonly summary?: {
    readonly text: string;
    readonly total?: number;
    readonly open?: number;
    readonly overdue?: number;
    readonly dueToday?: number;
    readonly dueThisWeek?: number;
  };
  readonly sentiment?: { readonly score: number; readonly label: string; readonly evidence?: readonly Evidence[] };
  readonly keyPhrases?: readonly { readonly phrase: string; readonly count: number; readonly todoIds: readonly string[] }[];
  readonly topics?: readonly {
    readonly topic: string;
    readonly score: number;
    readonly todoIds: readonly string[];
    readonly evidence?: readonly Evidence[];
  }[];
  readonly suggestedCategories?: readonly {
    readonly todoId: string;
    readonly category: string;
    readonly confidence: number;
    readonly evidence?: readonly Evidence[];
  }[];
  readonly priorities?: readonly {
    readonly todoId: string;
    readonly priority: string;
    readonly confidence: number;
    readonly evidence?: readonly Evidence[];
  }[];
  readonly duplicates?: readonly {
    readonly todoIds: readonly string[];
    readonly similarity: number;
    readonly evidence?: readonly string[];
  }[];
  readonly overload?: readonly {
    readonly date: string;
    readonly minutes: number;
    readonly limit: number;
    readonly todoIds: readonly string[];
  }[];
  readonly effort?: readonly { readonly todoId: string; readonly minutes: number; readonly evidence?: readonly Evidence[] }[];
  readonly overdue?: readonly { readonly todoId: string; readonly days: number }[];
  readonly productivity?: {
    readonly total: number;
    readonly completed: number;
    readonly open: number;
    readonly completionPercent: number;
    readonly overduePercent: number;
  };
  readonly provider?: string;
}

export const todosMax = 200;

/** What leaves the page for the analyser: the words and dates it needs, nothing about people or lists. */
export function toInsightsRequest(todos: readonly Todo[], language: string, timeZone: string): unknown {
  return {
    language,
    timeZone,
    todos: todos.slice(0, todosMax).map((todo) => ({
      id: todo.id,
      title: todo.title,
      ...(todo.notes ? { description: todo.notes } : {}),
      ...(todo.category ? { category: todo.category } : {}),
      ...(todo.due ? { dueDate: todo.due.date } : {}),
      completed: todo.completed,
      ...(todo.priority !== 'none' ? { priority: todo.priority } : {}),
    })),
  };
}

export function asPriority(value: string): Priority | null {
  return value === 'high' || value === 'medium' || value === 'low' ? value : null;
}
