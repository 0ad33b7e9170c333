import { useCallback, useEffect, useRef, useState } from 'react';
import type { Page } from '../wire/types.ts';

/** A list that is read page by page. A changed key begins anew and an answer to the former question is thrown away. */
export function usePages<T>(read: (cursor: string | null) => Promise<Page<T>>, key = '') {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const latest = useRef(read);
  latest.current = read;
  const question = useRef(0);

  const load = useCallback(async (cursor: string | null) => {
    const asked = cursor ? question.current : ++question.current;
    setBusy(true);
    setError(null);
    try {
      const page = await latest.current(cursor);
      if (asked !== question.current) return;
      setItems((all) => (cursor ? [...(all ?? []), ...page.items] : page.items));
      setNext(page.page?.next ?? null);
    } catch (failure) {
      if (asked === question.current) setError(failure);
    } finally {
      if (asked === question.current) setBusy(false);
    }
  }, []);

  // A new key is a new question.
  useEffect(() => {
    void load(null);
  }, [key, load]);

  return { items, error, busy, more: next ? () => void load(next) : null, reload: () => void load(null) };
}
