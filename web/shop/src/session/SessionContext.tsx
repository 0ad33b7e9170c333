import { type BrowserSession, createApi, SessionHolder, type SessionUser, useI18n } from '@slipway/ui';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { ShopClient } from '../wire/client.ts';
import type { Neighbours } from '../wire/types.ts';

export interface ShopSession {
  /** Until this is true nobody knows who is there, and nothing is asked in anybody's name. */
  readonly known: boolean;
  readonly user: SessionUser | null;
  readonly isVendor: boolean;
  readonly isAdmin: boolean;
  readonly client: ShopClient;
  readonly neighbours: Neighbours;
  /** The session could not be read; the shop goes on for guests. */
  readonly error: unknown;
  readonly signOut: () => Promise<void>;
}

const Context = createContext<ShopSession | null>(null);

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const { locale } = useI18n();
  const language = useRef(locale);
  language.current = locale;
  const [session, setSession] = useState<BrowserSession | null>(null);
  const [neighbours, setNeighbours] = useState<Neighbours>(() => byHostName(window.location));
  const [error, setError] = useState<unknown>(null);
  const holder = useMemo(() => new SessionHolder(), []);

  const client = useMemo(() => {
    const api = createApi({
      csrfToken: holder.csrfToken,
      language: () => language.current,
      // A session that ended leaves a guest behind, who may go on shopping and sign in again.
      onUnauthenticated: () => {
        if (holder.current.authenticated) holder.set({ authenticated: false });
      },
    });
    return new ShopClient(api, () => holder.current.authenticated);
  }, [holder]);

  useEffect(() => {
    const forget = holder.subscribe(() => setSession(holder.current));
    holder.load(client.api).catch((failure: unknown) => {
      setError(failure);
      holder.set({ authenticated: false });
    });
    // The usual names hold until the host says otherwise, and also when it cannot.
    client.neighbours().then(
      (told) => setNeighbours((known) => ({ ...known, ...withoutBlanks(told) })),
      () => undefined,
    );
    return forget;
  }, [client, holder]);

  const signOut = useCallback(async () => {
    await client.api('/session/sign-out', { method: 'POST' });
    holder.set({ authenticated: false });
  }, [client, holder]);

  const value = useMemo<ShopSession>(() => {
    const user = session?.authenticated ? (session.user ?? null) : null;
    const roles = user?.roles ?? [];
    return {
      known: session !== null,
      user,
      isVendor: roles.includes('vendor') || roles.includes('admin'),
      isAdmin: roles.includes('admin'),
      client,
      neighbours,
      error,
      signOut,
    };
  }, [session, client, neighbours, error, signOut]);
  return <Context value={value}>{children}</Context>;
}

export function useShop(): ShopSession {
  const value = useContext(Context);
  if (!value) throw new Error('useShop needs a SessionProvider above it');
  return value;
}

/** `shop.example.com` has its neighbours at `identity.example.com` and `payment-sandbox.example.com`. */
export function byHostName(location: Pick<Location, 'protocol' | 'host'>): Neighbours {
  const host = location.host.includes('.') ? location.host.slice(location.host.indexOf('.') + 1) : location.host;
  return { paymentProvider: `${location.protocol}//payment-sandbox.${host}`, accounts: `${location.protocol}//identity.${host}` };
}

function withoutBlanks(neighbours: Neighbours): Partial<Neighbours> {
  return Object.fromEntries(Object.entries(neighbours).filter(([, address]) => address !== ''));
}
