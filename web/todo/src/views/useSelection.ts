import { useMemo, useState } from 'react';
import type { Todo } from '../contract/types.ts';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly todos: readonly Todo[];
  readonly active: boolean;
  readonly toggle: (id: string) => void;
  readonly all: () => void;
  readonly clear: () => void;
}

/** Selected things that leave the view leave the selection: nothing is changed that cannot be seen. */
export function useSelection(todos: readonly Todo[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  return useMemo(() => {
    const selected = todos.filter((todo) => chosen.has(todo.id));
    return {
      ids: new Set(selected.map((todo) => todo.id)),
      todos: selected,
      active: selected.length > 0,
      toggle: (id) =>
        setChosen((before) => {
          const next = new Set(before);
          if (!next.delete(id)) next.add(id);
          return next;
        }),
      all: () => setChosen(new Set(todos.map((todo) => todo.id))),
      clear: () => setChosen(new Set()),
    };
  }, [todos, chosen]);
}
