import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { identity, keepToken, whenSessionEnds } from '../wire/identity.ts';
import type { IdentitySession } from '../wire/types.ts';

export interface Session {
  /** Null while the first answer is awaited. */
  readonly current: IdentitySession | null;
  readonly error: unknown;
  readonly reload: () => Promise<IdentitySession>;
  readonly signOut: () => Promise<void>;
}

const Context = createContext<Session | null>(null);
const nobody: IdentitySession = { authenticated: false };

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [current, setCurrent] = useState<IdentitySession | null>(null);
  const [error, setError] = useState<unknown>(null);

  const keep = useCallback((session: IdentitySession) => {
    keepToken(session.csrfToken ?? null);
    setCurrent(session);
    return session;
  }, []);

  const reload = useCallback(async () => {
    setError(null);
    try {
      return keep(await identity.session());
    } catch (failure) {
      setError(failure);
      throw failure;
    }
  }, [keep]);

  useEffect(() => {
    whenSessionEnds(() => keep(nobody));
    reload().catch(() => undefined);
  }, [keep, reload]);

  const value = useMemo<Session>(
    () => ({
      current,
      error,
      reload,
      signOut: async () => {
        await identity.signOut();
        keep(nobody);
      },
    }),
    [current, error, reload, keep],
  );
  return <Context value={value}>{children}</Context>;
}

export function useSession(): Session {
  const value = useContext(Context);
  if (!value) throw new Error('useSession needs a SessionProvider above it');
  return value;
}
