import type { TodoQuery, ViewName } from '../contract/query.ts';
import { type Priority, priorities } from '../contract/types.ts';

export type Shape = 'list' | 'board' | 'calendar';
export type BoardBy = 'priority' | 'category';

export const sorts = ['position', 'dueAt', 'priority', 'title', '-createdAt', '-updatedAt'] as const;

/** What the address says about the view; anything it does not know is ignored, so that old links keep working. */
export function readQuery(search: URLSearchParams, view: ViewName, listId?: string): TodoQuery {
  const priority = search.get('priority');
  const sort = search.get('sort');
  return {
    view,
    listId,
    q: search.get('q') || undefined,
    tag: search.get('tag') || undefined,
    category: search.get('category') || undefined,
    priority: (priorities as readonly string[]).includes(priority ?? '') ? (priority as Priority) : undefined,
    completed: search.get('completed') === 'true' ? true : undefined,
    sort: sort && (sorts as readonly string[]).includes(sort) ? sort : undefined,
  };
}

export function readShape(search: URLSearchParams): Shape {
  const as = search.get('as');
  return as === 'board' || as === 'calendar' ? as : 'list';
}

export function isFiltered(query: TodoQuery): boolean {
  return Boolean(query.q || query.tag || query.category || query.priority || query.completed !== undefined);
}
