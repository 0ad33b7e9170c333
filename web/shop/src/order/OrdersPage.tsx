import { Button, EmptyState, ErrorState, Link, signInUrl, Skeleton, useI18n } from '@slipway/ui';
import { useState } from 'react';
import { useShop } from '../session/SessionContext.tsx';
import { useLoad } from '@slipway/ui/load';
import { Money } from '../shell/Money.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import type { Order, Paged } from '../wire/types.ts';
import { guestOrders } from './guestOrders.ts';
import { StatusBadge } from './StatusBadge.tsx';

const perPage = 20;

/** With an account everything that was ever ordered, without one what this browser knows the way to. */
export function OrdersPage() {
  const { t } = useI18n();
  const { client, known, user, isAdmin } = useShop();
  const [after, setAfter] = useState<string | null>(null);
  const [earlier, setEarlier] = useState<readonly Order[]>([]);
  const { data, error, reload, loading } = useLoad<Paged<Order>>(
    async () =>
      user
        ? client.orders({ limit: perPage, cursor: after, userId: isAdmin ? user.id : undefined })
        : { items: await asGuest(client), next: null },
    known ? `${user?.id ?? 'guest'}:${after ?? ''}` : null,
  );
  const orders = [...earlier, ...(data?.items ?? [])];
  const more = () => {
    setEarlier(orders);
    setAfter(data?.next ?? null);
  };
  return (
    <>
      <PageHead title={t('shop.orders.title')} lead={user ? undefined : t('shop.orders.guest')} />
      {!data && error ? (
        <ErrorState error={error} onRetry={reload} />
      ) : !data ? (
        <Skeleton lines={6} />
      ) : orders.length === 0 ? (
        <EmptyState
          icon="box"
          title={t('shop.orders.none')}
          action={
            user ? (
              <Link to="/" className="button" data-look="primary">
                {t('shop.cart.empty.action')}
              </Link>
            ) : (
              <a className="button" data-look="primary" href={signInUrl('/orders')}>
                {t('shop.account.signIn')}
              </a>
            )
          }
        >
          {t(user ? 'shop.orders.none.text' : 'shop.orders.none.guest')}
        </EmptyState>
      ) : (
        <>
          <ul className="order-list">
            {orders.map((order) => (
              <OrderRow key={order.id} order={order} />
            ))}
          </ul>
          {data.next && (
            <Button busy={loading} onClick={more}>
              {t('shop.more')}
            </Button>
          )}
        </>
      )}
    </>
  );
}

/** An order whose key no longer opens it is left out; the others are still there. */
async function asGuest(client: { order: (id: string, token: string) => Promise<Order> }): Promise<readonly Order[]> {
  const found = await Promise.allSettled(guestOrders().map(({ id, token }) => client.order(id, token)));
  return found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

function OrderRow({ order }: { readonly order: Order }) {
  const { t, formats } = useI18n();
  return (
    <li>
      <Link to={`/orders/${order.id}`} className="order-row">
        <span className="order-row-text">
          <strong>{t('shop.order.title', { number: order.number })}</strong>
          <small>{order.items.map((line) => line.name).join(', ')}</small>
        </span>
        <time dateTime={order.createdAt}>{formats.instant(order.createdAt, 'medium')}</time>
        <StatusBadge status={order.status} />
        <Money amount={order.total} currency={order.currency} />
      </Link>
    </li>
  );
}
