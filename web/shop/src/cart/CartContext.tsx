import { announce, explain, useI18n, useToasts } from '@slipway/ui';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useShop } from '../session/SessionContext.tsx';
import { remember, remembered } from '../session/storage.ts';
import { useFollow } from '@slipway/ui/live';
import type { Cart } from '../wire/types.ts';

export interface Wanted {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
}

export interface CartState {
  /** Null until it was read. */
  readonly cart: Cart | null;
  readonly error: unknown;
  readonly reload: () => Promise<void>;
  readonly add: (product: Wanted, quantity?: number) => Promise<boolean>;
  readonly setQuantity: (sku: string, quantity: number) => Promise<void>;
  readonly remove: (sku: string) => Promise<void>;
  readonly customerId: string;
}

const Context = createContext<CartState | null>(null);
const guestKey = 'shop.guestCart';

/** A name that nobody can guess; whoever knows it may fill and empty this cart, so it stays in this browser. */
function guestId(): string {
  const known = remembered(guestKey);
  if (known?.startsWith('guest-')) return known;
  const made = `guest-${crypto.randomUUID()}`;
  remember(guestKey, made);
  return made;
}

export function CartProvider({ children }: { readonly children: ReactNode }) {
  const i18n = useI18n();
  const { client, known, user } = useShop();
  const toasts = useToasts();
  const [cart, setCart] = useState<Cart | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [merged, setMerged] = useState<string | null>(null);
  // Before it is known who is there, nobody gets a cart.
  const customerId = user?.id ?? (known ? guestId() : '');
  const latest = useRef(i18n);
  latest.current = i18n;
  // Answers may overtake each other; the one asked for last is what is shown.
  const asked = useRef(0);

  const reload = useCallback(async () => {
    const turn = ++asked.current;
    try {
      const read = await client.cart(customerId);
      if (turn !== asked.current) return;
      setCart(read);
      setError(null);
    } catch (failure) {
      if (turn === asked.current) setError(failure);
    }
  }, [client, customerId]);

  // Whoever signs in takes along what they had chosen as a guest, once.
  useEffect(() => {
    if (!known) return;
    let wanted = true;
    const begin = async () => {
      const guest = remembered(guestKey);
      if (user && guest) {
        try {
          const both = await client.mergeCart(guest);
          remember(guestKey, null);
          if (wanted && both.count > 0) announce(latest.current.t('shop.cart.merged', { count: both.count }));
        } catch {
          // The guest's cart stays where it is and is offered again with the next visit.
        }
      }
      if (!wanted) return;
      setMerged(customerId);
      await reload();
    };
    void begin();
    return () => {
      wanted = false;
    };
  }, [known, user, customerId, client, reload]);

  const events = customerId && merged === customerId ? client.at('cart', `/cart/${encodeURIComponent(customerId)}/events`) : null;
  useFollow(events, () => void reload(), { onAgain: () => void reload() });

  const change = useCallback(
    async (act: () => Promise<Cart | void>): Promise<boolean> => {
      const turn = ++asked.current;
      try {
        const after = await act();
        if (!after) await reload();
        else if (turn === asked.current) setCart(after);
        return true;
      } catch (failure) {
        toasts.show({ text: explain(failure, latest.current), tone: 'danger' });
        void reload();
        return false;
      }
    },
    [reload, toasts],
  );

  const value = useMemo<CartState>(
    () => ({
      cart,
      error,
      reload,
      customerId,
      add: async (product, quantity = 1) => {
        const added = await change(() => client.addToCart(customerId, product, quantity, crypto.randomUUID()));
        if (added) {
          toasts.show({ text: latest.current.t('shop.cart.added', { name: product.name }), key: 'added', undoes: false, seconds: 5 });
        }
        return added;
      },
      setQuantity: async (sku, quantity) => {
        await change(() => client.setQuantity(customerId, sku, quantity));
      },
      remove: async (sku) => {
        const line = cart?.lines.find((one) => one.sku === sku);
        const gone = await change(() => client.removeFromCart(customerId, sku));
        if (!gone || !line) return;
        toasts.show({
          text: latest.current.t('shop.cart.removed', { name: line.name }),
          action: {
            label: latest.current.t('ui.action.undo'),
            run: () => void change(() => client.addToCart(customerId, line, line.quantity, crypto.randomUUID())),
          },
        });
      },
    }),
    [cart, error, reload, customerId, change, client, toasts],
  );
  return <Context value={value}>{children}</Context>;
}

export function useCart(): CartState {
  const value = useContext(Context);
  if (!value) throw new Error('useCart needs a CartProvider above it');
  return value;
}
