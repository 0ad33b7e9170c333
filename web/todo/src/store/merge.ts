import type { Todo, TodoFields, TodoPatch } from '../contract/types.ts';

export type FieldName = keyof TodoFields;

export interface FieldConflict {
  readonly field: FieldName;
  readonly before: unknown;
  readonly yours: unknown;
  readonly theirs: unknown;
}

/**
 * Three versions meet: what the person started from, what they made of it, what somebody else made of it meanwhile.
 * Fields that only one side touched need no question.
 */
export function findConflicts(base: Todo, patch: TodoPatch, theirs: Todo): readonly FieldConflict[] {
  const conflicts: FieldConflict[] = [];
  for (const field of Object.keys(patch) as FieldName[]) {
    const touchedByThem = !sameValue(base[field], theirs[field]);
    if (touchedByThem && !sameValue(patch[field], theirs[field])) {
      conflicts.push({ field, before: base[field], yours: patch[field], theirs: theirs[field] });
    }
  }
  return conflicts;
}

/** The patch that remains once the person has chosen; null when nothing of theirs is left to send. */
export function resolve(patch: TodoPatch, choices: Readonly<Partial<Record<FieldName, 'yours' | 'theirs'>>>): TodoPatch | null {
  const kept = Object.entries(patch).filter(([field]) => choices[field as FieldName] !== 'theirs');
  return kept.length > 0 ? (Object.fromEntries(kept) as TodoPatch) : null;
}

export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return (left ?? null) === (right ?? null);
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const a = left as Readonly<Record<string, unknown>>;
  const b = right as Readonly<Record<string, unknown>>;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameValue(a[key], b[key]));
}
