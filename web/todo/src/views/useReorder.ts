import { announce, useI18n } from '@slipway/ui';
import { useMemo, useState } from 'react';
import type { Todo } from '../contract/types.ts';
import { useActions } from '../store/StoreContext.tsx';

export interface Reorder {
  readonly enabled: boolean;
  readonly draggedId: string | null;
  /** Where the dragged todo would go. */
  readonly target: { readonly id: string; readonly side: 'before' | 'after' } | null;
  readonly drag: (id: string | null) => void;
  readonly over: (id: string, side: 'before' | 'after') => void;
  readonly drop: () => void;
  /** The same without dragging: one place up (-1) or down (1). */
  readonly step: (todo: Todo, by: -1 | 1) => void;
}

export function useReorder(todos: readonly Todo[], enabled: boolean): Reorder {
  const { t } = useI18n();
  const actions = useActions();
  const [draggedId, setDragged] = useState<string | null>(null);
  const [target, setTarget] = useState<Reorder['target']>(null);
  return useMemo(
    () => ({
      enabled,
      draggedId,
      target,
      drag: (id) => {
        setDragged(id);
        setTarget(null);
      },
      over: (id, side) => setTarget((before) => (before?.id === id && before.side === side ? before : { id, side })),
      drop: () => {
        const todo = todos.find((candidate) => candidate.id === draggedId);
        if (todo && target && target.id !== todo.id)
          void actions.place(todo, target.side === 'before' ? { beforeId: target.id } : { afterId: target.id });
        setDragged(null);
        setTarget(null);
      },
      step: (todo, by) => {
        const at = todos.findIndex((candidate) => candidate.id === todo.id);
        const neighbour = todos[at + by];
        if (!enabled || !neighbour) {
          announce(t(enabled ? 'todo.move.end' : 'todo.move.sorted'));
          return;
        }
        void actions.place(todo, by < 0 ? { beforeId: neighbour.id } : { afterId: neighbour.id });
        announce(t('todo.move.position', { position: at + by + 1, count: todos.length }));
      },
    }),
    [enabled, draggedId, target, todos, actions, t],
  );
}
