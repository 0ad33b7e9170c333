import { EmptyState, ErrorState, Link, Skeleton, Table, useI18n } from '@slipway/ui';
import { StatusBadge } from '../order/StatusBadge.tsx';
import { useShop } from '../session/SessionContext.tsx';
import { useLoad } from '@slipway/ui/load';
import { Money } from '../shell/Money.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { SignInFirst } from '../shell/SignInFirst.tsx';
import { minor } from '@slipway/ui/read';

export function VendorOrdersPage() {
  return (
    <SignInFirst as="vendor">
      <OwnLines />
    </SignInFirst>
  );
}

function OwnLines() {
  const { t, formats } = useI18n();
  const { client } = useShop();
  const { data, error, reload } = useLoad(() => client.vendorLines({ limit: 100 }), 'lines');
  return (
    <>
      <nav className="crumbs" aria-label={t('shop.crumbs')}>
        <Link to="/vendor">{t('shop.vendor.title')}</Link>
      </nav>
      <PageHead title={t('shop.vendor.orders')} lead={t('shop.vendor.orders.lead')} />
      {!data && error ? (
        <ErrorState error={error} onRetry={reload} />
      ) : !data ? (
        <Skeleton lines={6} />
      ) : data.items.length === 0 ? (
        <EmptyState icon="box" title={t('shop.vendor.orders.none')}>
          {t('shop.vendor.orders.none.text')}
        </EmptyState>
      ) : (
        <Table
          caption={t('shop.vendor.orders')}
          hideCaption
          rows={data.items}
          rowKey={(line) => `${line.orderId}/${line.sku}`}
          columns={[
            { id: 'order', header: t('shop.order'), cell: (line) => line.orderId.slice(-8) },
            { id: 'name', header: t('shop.product.name'), cell: (line) => line.name },
            { id: 'at', header: t('shop.order.placed'), cell: (line) => (line.at ? formats.instant(line.at, 'dateTime') : '') },
            { id: 'status', header: t('shop.order.status'), cell: (line) => <StatusBadge status={line.status} /> },
            { id: 'quantity', header: t('shop.quantity'), numeric: true, cell: (line) => line.quantity },
            {
              id: 'sum',
              header: t('shop.totals.total'),
              numeric: true,
              cell: (line) => <Money amount={(minor(line.unitPrice) * line.quantity) / 100} currency={line.currency} />,
            },
          ]}
        />
      )}
    </>
  );
}
