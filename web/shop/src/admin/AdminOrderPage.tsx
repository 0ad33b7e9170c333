import { Button, ErrorState, explain, Link, Select, Skeleton, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { CancelOrder } from '../order/CancelOrder.tsx';
import { OrderSums } from '../order/OrderSums.tsx';
import { StatusBadge } from '../order/StatusBadge.tsx';
import { mayCancel } from '../order/stages.ts';
import { Timeline } from '../order/Timeline.tsx';
import { useShop } from '../session/SessionContext.tsx';
import { useFollow } from '@slipway/ui/live';
import { useLoad } from '@slipway/ui/load';
import { LiveSign } from '../shell/LiveSign.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { SignInFirst } from '../shell/SignInFirst.tsx';
import type { Order } from '../wire/types.ts';
import { SagaGraph } from './SagaGraph.tsx';
import { SagaTable } from './SagaTable.tsx';

export function AdminOrderPage({ id }: { readonly id: string }) {
  return (
    <SignInFirst as="admin">
      <WholeOrder id={id} />
    </SignInFirst>
  );
}

function WholeOrder({ id }: { readonly id: string }) {
  const { t, formats } = useI18n();
  const { client } = useShop();
  const [cancelling, setCancelling] = useState(false);
  const { data, error, reload } = useLoad(async () => {
    const [order, saga, timeline] = await Promise.all([client.order(id), client.saga(id), client.timeline(id)]);
    return { order, saga, timeline };
  }, id);
  const live = useFollow(client.at('orders', `/orders/${id}/events`), reload, { onAgain: reload });
  if (!data) return error ? <ErrorState error={error} onRetry={reload} /> : <Skeleton lines={8} />;
  const { order, saga, timeline } = data;
  return (
    <>
      <nav className="crumbs" aria-label={t('shop.crumbs')}>
        <Link to="/admin">{t('shop.admin.orders')}</Link>
      </nav>
      <PageHead
        title={t('shop.order.title', { number: order.number })}
        lead={formats.instant(order.createdAt, 'dateTime')}
        actions={
          <>
            <LiveSign state={live} />
            <StatusBadge status={order.status} />
          </>
        }
      />
      <section className="panel" aria-label={t('shop.saga.title')}>
        <h2>{t('shop.saga.title')}</h2>
        <SagaGraph saga={saga} />
        <SagaTable saga={saga} />
      </section>
      <div className="two-columns">
        <div className="stack">
          <OrderSums order={order} />
          <div className="row">
            <Progress order={order} onDone={reload} />
            {mayCancel(order) && (
              <Button icon="close" onClick={() => setCancelling(true)}>
                {t('shop.cancel.action')}
              </Button>
            )}
          </div>
        </div>
        <aside className="summary" aria-label={t('shop.order.progress')}>
          <h2>{t('shop.order.progress')}</h2>
          <Timeline events={timeline} />
        </aside>
      </div>
      {cancelling && (
        <CancelOrder
          order={order}
          token={undefined}
          onClose={() => setCancelling(false)}
          onDone={() => {
            setCancelling(false);
            reload();
          }}
        />
      )}
    </>
  );
}

const after: Readonly<Record<string, readonly string[]>> = {
  confirmed: ['processing', 'shipped'],
  processing: ['shipped'],
  shipped: ['delivered'],
};

/** What happens in the warehouse and on the road is said here; everything before that the saga knows by itself. */
function Progress({ order, onDone }: { readonly order: Order; readonly onDone: () => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const { client } = useShop();
  const toasts = useToasts();
  const next = after[order.status] ?? [];
  const [chosen, setChosen] = useState('');
  const [busy, setBusy] = useState(false);
  const status = next.includes(chosen) ? chosen : (next[0] ?? '');
  if (!status) return null;
  const send = async () => {
    setBusy(true);
    try {
      await client.setOrderStatus(order.id, status);
      onDone();
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="progress-form">
      <Select
        label={t('shop.admin.next')}
        value={status}
        onChange={setChosen}
        options={next.map((value) => ({ value, label: t(`shop.status.${value}`) }))}
      />
      <Button busy={busy} onClick={() => void send()}>
        {t('shop.admin.set')}
      </Button>
    </div>
  );
}
