import { Banner, Button, EmptyState, ErrorState, Link, Select, Skeleton, Table, useI18n, useSearch } from '@slipway/ui';
import { StatusBadge } from '../order/StatusBadge.tsx';
import { useShop } from '../session/SessionContext.tsx';
import { useLoad } from '@slipway/ui/load';
import { Money } from '../shell/Money.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { SignInFirst } from '../shell/SignInFirst.tsx';
import { AdminNav } from './AdminNav.tsx';

const statuses = ['pending', 'reserved', 'paid', 'confirmed', 'processing', 'shipped', 'delivered', 'cancelled', 'failed', 'refunded'];

export function AdminOrdersPage() {
  return (
    <SignInFirst as="admin">
      <AllOrders />
    </SignInFirst>
  );
}

function AllOrders() {
  const { t, formats } = useI18n();
  const { client } = useShop();
  const [search, setSearch] = useSearch();
  const status = search.get('status') ?? '';
  const cursor = search.get('cursor') ?? '';
  const query = { limit: 50, status: status || undefined, cursor: cursor || undefined };
  const { data, error, reload } = useLoad(() => client.orders(query), JSON.stringify(query));
  return (
    <>
      <PageHead title={t('shop.admin.title')} lead={t('shop.admin.lead')} />
      <AdminNav />
      <div className="narrow">
        <Select
          label={t('shop.order.status')}
          value={status}
          onChange={(next) => setSearch({ status: next || null, cursor: null })}
          options={[{ value: '', label: t('shop.admin.all') }, ...statuses.map((value) => ({ value, label: t(`shop.status.${value}`) }))]}
        />
      </div>
      {!data && error ? (
        <ErrorState error={error} onRetry={reload} />
      ) : !data ? (
        <Skeleton lines={8} />
      ) : data.items.length === 0 ? (
        <EmptyState icon="list" title={t('shop.admin.none')} />
      ) : (
        <>
          <Table
            caption={t('shop.admin.orders')}
            hideCaption
            rows={data.items}
            rowKey={(order) => order.id}
            columns={[
              { id: 'number', header: t('shop.order'), cell: (order) => <Link to={`/admin/orders/${order.id}`}>{order.number}</Link> },
              { id: 'at', header: t('shop.order.placed'), cell: (order) => formats.instant(order.createdAt, 'dateTime') },
              { id: 'status', header: t('shop.order.status'), cell: (order) => <StatusBadge status={order.status} /> },
              {
                id: 'refunded',
                header: t('shop.totals.refunded'),
                numeric: true,
                cell: (order) => (order.refunded > 0 ? <Money amount={order.refunded} currency={order.currency} /> : ''),
              },
              {
                id: 'total',
                header: t('shop.totals.total'),
                numeric: true,
                cell: (order) => <Money amount={order.total} currency={order.currency} />,
              },
            ]}
          />
          {data.next && <Button onClick={() => setSearch({ cursor: data.next })}>{t('shop.more')}</Button>}
        </>
      )}
      <Banner icon="info" title={t('shop.admin.dead.title')}>
        {t('shop.admin.dead.text')} <code>{deadLetters}</code>
      </Banner>
    </>
  );
}

/** Dead letters belong to the platform's event bus, which no browser session reaches; its own program lists and retries them. */
const deadLetters = 'slipway events dead';
