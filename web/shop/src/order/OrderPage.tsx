import { Banner, Button, ErrorState, ProblemError, Skeleton, useI18n } from '@slipway/ui';
import { useState } from 'react';
import { useShop } from '../session/SessionContext.tsx';
import { LiveSign } from '../shell/LiveSign.tsx';
import { NotFound } from '../shell/NotFound.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import type { Order } from '../wire/types.ts';
import { CancelOrder } from './CancelOrder.tsx';
import { GuestLink } from './GuestLink.tsx';
import { OrderSums } from './OrderSums.tsx';
import { ReturnDialog } from './ReturnDialog.tsx';
import { Stages } from './Stages.tsx';
import { StatusBadge } from './StatusBadge.tsx';
import { isOver, isUnderWay, mayCancel, mayReturn, stagesOf } from './stages.ts';
import { Timeline } from './Timeline.tsx';
import { useOrder } from './useOrder.ts';

export interface OrderPageProps {
  readonly id: string;
  /** Just placed: says thank you first. */
  readonly fresh?: boolean;
}

export function OrderPage({ id, fresh }: OrderPageProps) {
  const { t, formats } = useI18n();
  const { user } = useShop();
  const { data, error, reload, live, token } = useOrder(id);
  if (!data) {
    if (error instanceof ProblemError && [401, 403, 404].includes(error.status)) return <NotFound />;
    if (error) return <ErrorState error={error} onRetry={reload} />;
    return (
      <>
        <PageHead title={t('shop.order.loading')} />
        <Skeleton lines={6} />
      </>
    );
  }
  const { order, timeline } = data;
  const title = fresh && !isOver(order) ? t('shop.order.thanks') : t('shop.order.title', { number: order.number });
  return (
    <>
      <PageHead
        title={title}
        lead={t('shop.order.lead', { number: order.number, date: formats.instant(order.createdAt, 'dateTime') })}
        actions={<StatusBadge status={order.status} />}
      />
      <Stages
        stages={stagesOf(
          order.status,
          timeline.map((event) => event.status),
        )}
      />
      <Explanation order={order} />
      {token && !user && <GuestLink id={id} token={token} />}
      <div className="two-columns">
        <div className="stack">
          <OrderSums order={order} />
          <OrderActions order={order} token={token} onDone={reload} />
        </div>
        <aside className="summary" aria-label={t('shop.order.progress')}>
          <div className="summary-head">
            <h2>{t('shop.order.progress')}</h2>
            <LiveSign state={live} />
          </div>
          <Timeline events={timeline} />
          {order.address && (
            <address className="order-address">
              <strong>{t('shop.order.shipTo')}</strong>
              <span>{order.address.name}</span>
              <span>{order.address.street}</span>
              <span>
                {t('shop.order.place', { code: order.address.postalCode, city: order.address.city, country: order.address.country })}
              </span>
            </address>
          )}
        </aside>
      </div>
    </>
  );
}

/** What the status means for the buyer, and what they can do now. */
function Explanation({ order }: { readonly order: Order }) {
  const { t, has } = useI18n();
  if (order.actionUrl && isUnderWay(order)) {
    return (
      <Banner
        tone="warning"
        icon="lock"
        title={t('shop.order.challenge.title')}
        action={
          <a className="button" data-look="primary" href={challengeAddress(order.actionUrl, order.id)}>
            {t('shop.order.challenge.action')}
          </a>
        }
      >
        {t('shop.order.challenge.text')}
      </Banner>
    );
  }
  if (isOver(order)) {
    const key = `shop.reason.${order.reason ?? ''}`;
    return (
      <Banner tone="danger" title={t(`shop.order.${order.status}.title`)}>
        {has(key) ? t(key) : t('shop.reason.other')} {t('shop.order.noMoney')}
      </Banner>
    );
  }
  if (isUnderWay(order)) return <Banner icon="history">{t('shop.order.underWay')}</Banner>;
  if (order.status === 'confirmed') return <Banner tone="success">{t('shop.order.confirmed')}</Banner>;
  return null;
}

/** Where the bank asks; an address that is no web address is not followed. */
export function challengeAddress(given: string, orderId: string): string {
  try {
    const address = new URL(given, window.location.href);
    if (address.protocol !== 'https:' && address.protocol !== 'http:') return `/orders/${orderId}`;
    return address.href;
  } catch {
    return `/orders/${orderId}`;
  }
}

interface OrderActionsProps {
  readonly order: Order;
  readonly token: string | undefined;
  readonly onDone: () => void;
}

function OrderActions({ order, token, onDone }: OrderActionsProps) {
  const { t } = useI18n();
  const [open, setOpen] = useState<'cancel' | 'return' | null>(null);
  const close = () => setOpen(null);
  const done = () => {
    close();
    onDone();
  };
  return (
    <div className="row">
      {mayReturn(order) && (
        <Button icon="undo" onClick={() => setOpen('return')}>
          {t('shop.return.action')}
        </Button>
      )}
      {mayCancel(order) && (
        <Button icon="close" onClick={() => setOpen('cancel')}>
          {t('shop.cancel.action')}
        </Button>
      )}
      {open === 'return' && <ReturnDialog order={order} token={token} onClose={close} onDone={done} />}
      {open === 'cancel' && <CancelOrder order={order} token={token} onClose={close} onDone={done} />}
    </div>
  );
}
