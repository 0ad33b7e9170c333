import type { Due, Priority, Reminder, Todo, TodoPatch } from '../contract/types.ts';
import { sameValue } from '../store/merge.ts';

/** The form as it is typed: texts, because half a date is a text and not a date. */
export interface Draft {
  readonly title: string;
  readonly notes: string;
  readonly dueDate: string;
  readonly dueTime: string;
  readonly priority: Priority;
  readonly category: string;
  readonly tags: readonly string[];
  readonly recurrence: string | null;
  readonly reminders: readonly Reminder[];
}

export const limits = { title: 500, notes: 10_000, category: 50, tag: 50, tags: 20, reminders: 10 } as const;

export function toDraft(todo: Todo): Draft {
  return {
    title: todo.title,
    notes: todo.notes,
    dueDate: todo.due?.date ?? '',
    dueTime: todo.due?.time?.slice(0, 5) ?? '',
    priority: todo.priority,
    category: todo.category ?? '',
    tags: todo.tags,
    recurrence: todo.recurrence,
    reminders: todo.reminders,
  };
}

/** Only what the person changed; everything else may have been changed by others meanwhile. */
export function toPatch(draft: Draft, before: Todo, timeZone: string): TodoPatch {
  const patch: { -readonly [Key in keyof TodoPatch]: TodoPatch[Key] } = {};
  const title = draft.title.trim();
  if (title !== before.title) patch.title = title;
  if (draft.notes !== before.notes) patch.notes = draft.notes;
  if (draft.priority !== before.priority) patch.priority = draft.priority;
  const category = draft.category.trim() || null;
  if (category !== before.category) patch.category = category;
  if (!sameValue(draft.tags, before.tags)) patch.tags = draft.tags;
  if (draft.recurrence !== before.recurrence) patch.recurrence = draft.recurrence;
  if (!sameValue(draft.reminders, before.reminders)) patch.reminders = draft.reminders;
  const due = toDue(draft, before, timeZone);
  if ((due?.date ?? null) !== (before.due?.date ?? null) || (due?.time ?? null) !== (before.due?.time?.slice(0, 5) ?? null))
    patch.due = due;
  return patch;
}

function toDue(draft: Draft, before: Todo, timeZone: string): Due | null {
  if (!draft.dueDate) return null;
  if (!draft.dueTime) return { date: draft.dueDate, time: null, timeZone: null };
  return { date: draft.dueDate, time: draft.dueTime, timeZone: before.due?.timeZone ?? timeZone };
}

export type DraftMistakes = Readonly<Partial<Record<keyof Draft, { readonly code: string; readonly max?: number }>>>;

export function findMistakes(draft: Draft): DraftMistakes {
  const mistakes: { -readonly [Key in keyof Draft]?: { code: string; max?: number } } = {};
  if (!draft.title.trim()) mistakes.title = { code: 'required' };
  else if (draft.title.trim().length > limits.title) mistakes.title = { code: 'tooLong', max: limits.title };
  if (draft.notes.length > limits.notes) mistakes.notes = { code: 'tooLong', max: limits.notes };
  if (draft.category.trim().length > limits.category) mistakes.category = { code: 'tooLong', max: limits.category };
  if (draft.dueTime && !draft.dueDate) mistakes.dueDate = { code: 'dateBeforeTime' };
  if (draft.recurrence && !draft.dueDate) mistakes.recurrence = { code: 'recurrenceNeedsDate' };
  if (draft.reminders.length > 0 && !draft.dueDate) mistakes.reminders = { code: 'reminderNeedsDate' };
  return mistakes;
}

export function addTag(tags: readonly string[], typed: string): readonly string[] {
  const added = typed
    .split(/[,\s]+/)
    .map((tag) => tag.replace(/^#+/, '').slice(0, limits.tag))
    .filter(Boolean);
  return [...new Set([...tags, ...added])].slice(0, limits.tags);
}
