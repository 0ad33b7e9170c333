import { useCallback, useEffect, useRef, useState } from 'react';

export interface Loaded<T> {
  readonly data: T | null;
  readonly error: unknown;
  readonly loading: boolean;
  readonly reload: () => void;
  readonly replace: (data: T) => void;
}

/** Reads something when its key appears or changes, and again on demand; what was read stays visible while a newer answer is awaited. */
export function useLoad<T>(read: (signal: AbortSignal) => Promise<T>, key: string | null): Loaded<T> {
  const [state, setState] = useState<{ data: T | null; of: string | null }>({ data: null, of: null });
  const [error, setError] = useState<unknown>(null);
  const [loading, setLoading] = useState(true);
  const [turn, setTurn] = useState(0);
  const latest = useRef(read);
  latest.current = read;

  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    setLoading(true);
    latest
      .current(stop.signal)
      .then(
        (data) => {
          if (stop.signal.aborted) return;
          setState({ data, of: key });
          setError(null);
        },
        (failure: unknown) => {
          if (!stop.signal.aborted) setError(failure);
        },
      )
      .finally(() => {
        if (!stop.signal.aborted) setLoading(false);
      });
    return () => stop.abort();
  }, [key, turn]);

  const reload = useCallback(() => setTurn((count) => count + 1), []);
  const replace = useCallback((data: T) => setState((known) => ({ ...known, data })), []);
  return { data: state.data, error, loading, reload, replace };
}
