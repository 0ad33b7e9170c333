import { useCallback, useEffect, useRef, useState } from 'react';

export interface Loaded<T> {
  readonly data: T | null;
  readonly error: unknown;
  readonly loading: boolean;
  readonly reload: () => void;
  readonly replace: (data: T) => void;
}

/** Reads something when the page opens and again on demand; what was read stays visible while a newer answer is awaited. */
export function useLoad<T>(read: () => Promise<T>, key = ''): Loaded<T> {
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [loading, setLoading] = useState(true);
  const [turn, setTurn] = useState(0);
  const latest = useRef(read);
  latest.current = read;

  // Key and turn say when to read; what to read is always the newest.
  useEffect(() => {
    let wanted = true;
    setLoading(true);
    latest
      .current()
      .then(
        (value) => {
          if (!wanted) return;
          setData(value);
          setError(null);
        },
        (failure: unknown) => wanted && setError(failure),
      )
      .finally(() => wanted && setLoading(false));
    return () => {
      wanted = false;
    };
  }, [key, turn]);

  const reload = useCallback(() => setTurn((count) => count + 1), []);
  return { data, error, loading, reload, replace: setData };
}
