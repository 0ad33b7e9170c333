import { list, record, text } from '@slipway/ui/read';
import { remember, rememberedJson } from '../session/storage.ts';

const key = 'shop.guestOrders';

/** More than anybody orders as a guest; the oldest make room. */
const ordersMax = 20;

export interface GuestOrder {
  readonly id: string;
  readonly token: string;
}

export function guestOrders(): readonly GuestOrder[] {
  return list(rememberedJson(key))
    .map((raw) => ({ id: text(record(raw).id), token: text(record(raw).token) }))
    .filter(({ id, token }) => id && token);
}

export function keepGuestOrder(id: string, token: string): void {
  const all = [{ id, token }, ...guestOrders().filter((order) => order.id !== id)].slice(0, ordersMax);
  remember(key, JSON.stringify(all));
}

export function guestTokenOf(id: string): string | undefined {
  return guestOrders().find((order) => order.id === id)?.token;
}

/** The key travels behind the #, which browsers send to no server, and leaves the address as soon as it was read. */
export function takeGuestToken(id: string): string | undefined {
  const found = /^#t=([\w.~-]{8,200})$/.exec(window.location.hash)?.[1];
  if (found) {
    keepGuestOrder(id, found);
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  }
  return guestTokenOf(id);
}

export const guestLink = (id: string, token: string): string => `${window.location.origin}/orders/${id}#t=${encodeURIComponent(token)}`;
