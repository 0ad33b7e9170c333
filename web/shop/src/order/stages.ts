import type { Order } from '../wire/types.ts';

export type StageState = 'done' | 'now' | 'next' | 'failed';

export interface Stage {
  readonly name: 'placed' | 'reserved' | 'paid' | 'confirmed' | 'shipped' | 'delivered';
  readonly state: StageState;
}

const names: readonly Stage['name'][] = ['placed', 'reserved', 'paid', 'confirmed', 'shipped', 'delivered'];

/** How many stages are behind an order of this status. */
const behind: Readonly<Record<string, number>> = {
  pending: 1,
  reserved: 2,
  paid: 3,
  confirmed: 4,
  processing: 4,
  shipped: 5,
  delivered: 6,
  refunded: 6,
};

const over = new Set(['cancelled', 'failed']);

export const isOver = (order: Pick<Order, 'status'>): boolean => over.has(order.status);

/** Whether the buyer waits for something that happens within seconds. */
export const isUnderWay = (order: Pick<Order, 'status'>): boolean => ['pending', 'reserved', 'paid'].includes(order.status);

export const mayCancel = (order: Pick<Order, 'status'>): boolean =>
  ['pending', 'reserved', 'paid', 'confirmed', 'processing'].includes(order.status);

export const mayReturn = (order: Pick<Order, 'status' | 'items'>): boolean =>
  ['confirmed', 'processing', 'shipped', 'delivered'].includes(order.status) && order.items.some((line) => line.quantity > line.returned);

/**
 * The way of an order as a buyer sees it. An order that failed shows how far it came: the furthest status of its history, and after it the
 * stage that did not happen.
 */
export function stagesOf(status: string, history: readonly string[] = []): readonly Stage[] {
  if (!over.has(status)) {
    const done = behind[status] ?? 1;
    return names.map((name, at) => ({ name, state: at < done ? 'done' : at === done ? 'now' : 'next' }));
  }
  const reached = Math.max(1, ...history.map((past) => behind[past] ?? 1));
  return names.slice(0, reached + 1).map((name, at) => ({ name, state: at < reached ? 'done' : 'failed' }));
}
