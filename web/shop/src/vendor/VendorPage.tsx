import { EmptyState, ErrorState, Link, Skeleton, Table, useI18n, useSearch } from '@slipway/ui';
import { Pager } from '../catalogue/Pager.tsx';
import { useShop } from '../session/SessionContext.tsx';
import { useCategories } from '../catalogue/useCategories.ts';
import { useLoad } from '@slipway/ui/load';
import { Money } from '../shell/Money.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { SignInFirst } from '../shell/SignInFirst.tsx';
import { StockSign } from '../catalogue/StockSign.tsx';

const perPage = 50;

export function VendorPage() {
  return (
    <SignInFirst as="vendor">
      <OwnProducts />
    </SignInFirst>
  );
}

function OwnProducts() {
  const { t } = useI18n();
  const { client, user } = useShop();
  const { nameOf } = useCategories();
  const [search, setSearch] = useSearch();
  const page = Math.max(1, Number(search.get('page')) || 1);
  const { data, error, reload } = useLoad(() => client.ownProducts(user?.id ?? '', page, perPage), `${user?.id}:${page}`);
  return (
    <>
      <PageHead
        title={t('shop.vendor.title')}
        lead={t('shop.vendor.lead')}
        actions={
          <>
            <Link to="/vendor/orders" className="button" data-look="secondary">
              {t('shop.vendor.orders')}
            </Link>
            <Link to="/vendor/new" className="button" data-look="primary">
              {t('shop.vendor.new')}
            </Link>
          </>
        }
      />
      {!data && error ? (
        <ErrorState error={error} onRetry={reload} />
      ) : !data ? (
        <Skeleton lines={6} />
      ) : data.items.length === 0 ? (
        <EmptyState icon="tag" title={t('shop.vendor.none')}>
          {t('shop.vendor.none.text')}
        </EmptyState>
      ) : (
        <>
          <Table
            caption={t('shop.vendor.title')}
            hideCaption
            rows={data.items}
            rowKey={(product) => product.id}
            columns={[
              {
                id: 'name',
                header: t('shop.product.name'),
                cell: (product) => <Link to={`/vendor/products/${product.id}`}>{product.name}</Link>,
              },
              { id: 'sku', header: t('shop.product.sku'), cell: (product) => product.sku },
              { id: 'category', header: t('shop.filter.category'), cell: (product) => nameOf(product.category) },
              {
                id: 'stock',
                header: t('shop.filter.availability'),
                cell: (product) => (product.active ? <StockSign stock={product.stock} /> : t('shop.vendor.inactive')),
              },
              {
                id: 'price',
                header: t('shop.price'),
                numeric: true,
                cell: (product) => <Money amount={product.price} currency={product.currency} />,
              },
            ]}
          />
          <Pager page={page} pages={Math.ceil(data.total / perPage)} onPage={(to) => setSearch({ page: to > 1 ? String(to) : null })} />
        </>
      )}
    </>
  );
}
