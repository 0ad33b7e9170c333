import { announce, useI18n } from '@slipway/ui';
import { useEffect, useRef, useState } from 'react';
import { useShop } from '../session/SessionContext.tsx';
import { useFollow } from '@slipway/ui/live';
import { useLoad } from '@slipway/ui/load';
import { asGuest } from '../wire/client.ts';
import type { Order, TimelineEvent } from '../wire/types.ts';
import { takeGuestToken } from './guestOrders.ts';

export interface OrderView {
  readonly order: Order;
  readonly timeline: readonly TimelineEvent[];
}

/** One order that moves by itself: every event of its stream has it read again, and a change of its status is said aloud. */
export function useOrder(id: string) {
  const { t, has } = useI18n();
  const { client, known } = useShop();
  const [token] = useState(() => takeGuestToken(id));
  const loaded = useLoad<OrderView>(
    async () => {
      const [order, timeline] = await Promise.all([client.order(id, token), client.timeline(id, token)]);
      return { order, timeline };
    },
    known ? id : null,
  );
  const live = useFollow(known && loaded.data ? client.at('orders', `/orders/${id}/events`) : null, loaded.reload, {
    headers: asGuest(token),
    onAgain: loaded.reload,
  });

  const status = loaded.data?.order.status;
  const before = useRef(status);
  useEffect(() => {
    if (before.current && status && before.current !== status) {
      const key = `shop.status.${status}`;
      announce(t('shop.order.nowIs', { status: has(key) ? t(key) : status }));
    }
    before.current = status;
  }, [status, t, has]);
  return { ...loaded, live, token };
}
