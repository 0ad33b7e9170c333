import { Button, EmptyState, ErrorState, Link, ProblemError, Skeleton, useI18n, useTitle } from '@slipway/ui';
import { useMemo, useState } from 'react';
import { useCart } from '../cart/CartContext.tsx';
import { ProductArt } from '../catalogue/ProductArt.tsx';
import { useCategories, useWords } from '../catalogue/useCategories.ts';
import { useShop } from '../session/SessionContext.tsx';
import { useFollow } from '@slipway/ui/live';
import { useLoad } from '@slipway/ui/load';
import { Money } from '../shell/Money.tsx';
import { NotFound } from '../shell/NotFound.tsx';
import type { LiveEvent } from '@slipway/ui/events';
import type { Product, StockHint } from '../wire/types.ts';
import { PriceHistory } from './PriceHistory.tsx';
import { Quantity } from './Quantity.tsx';
import { StockLine } from './StockLine.tsx';
import { VariantChoice } from './VariantChoice.tsx';

export function ProductPage({ id }: { readonly id: string }) {
  const { client } = useShop();
  const { data, error, reload } = useLoad(() => client.product(id), id);
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  if (!data) return error ? <ErrorState error={error} onRetry={reload} /> : <Skeleton lines={8} />;
  return <ShownProduct product={data} onChanged={reload} />;
}

function ShownProduct({ product, onChanged }: { readonly product: Product; readonly onChanged: () => void }) {
  const { t } = useI18n();
  const { client } = useShop();
  const { nameOf } = useCategories();
  const words = useWords()(product);
  const [chosen, setChosen] = useState<string | null>(null);
  const variant = product.variants.find(({ sku }) => sku === chosen) ?? product.variants[0];
  useTitle(t('shop.title', { page: words.name }));

  const skus = useMemo(() => product.variants.map(({ sku }) => sku), [product.variants]);
  const stock = useLoad(() => client.stockHints(skus), skus.join(','));
  const prices = useLoad(() => client.prices(product.id), product.id);
  const renew = () => {
    onChanged();
    stock.reload();
    prices.reload();
  };
  // Whatever happens to price or stock while somebody looks at it is shown as it happens.
  useFollow(`/store/products/events?sku=${encodeURIComponent(skus.join(','))}`, (events) => events.some(isNews) && renew(), {
    onAgain: renew,
  });

  if (!variant) return <EmptyState level={1} title={product.name} />;
  const hint = stock.data?.get(variant.sku) ?? variant.stock ?? product.stock;
  const points = (prices.data ?? []).filter(({ sku }) => !sku || sku === variant.sku);
  const details = Object.entries({ ...product.attributes, ...variant.attributes });
  return (
    <article className="product">
      <nav className="crumbs" aria-label={t('shop.crumbs')}>
        <Link to="/">{t('shop.catalogue.title')}</Link>
        <Link to={`/?category=${encodeURIComponent(product.category)}`}>{nameOf(product.category)}</Link>
      </nav>
      <div className="product-picture">
        <ProductArt product={product} large />
      </div>
      <div className="product-text">
        <h1>{words.name}</h1>
        <p className="product-price" aria-live="polite">
          <Money amount={variant.price} currency={variant.currency} />
          <small>{t('shop.price.tax')}</small>
        </p>
        <VariantChoice variants={product.variants} chosen={variant.sku} hints={stock.data} onChoose={setChosen} />
        <StockLine stock={hint} />
        <AddToCart key={variant.sku} product={product} sku={variant.sku} price={variant.price} stock={hint} />
        {words.description && <p className="product-words">{words.description}</p>}
        {product.vendorName && <p className="lead">{t('shop.product.soldBy', { vendor: product.vendorName })}</p>}
        {details.length > 0 && (
          <dl className="facts">
            {details.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        <PriceHistory points={points} />
      </div>
    </article>
  );
}

/** The stream begins with how things stand, which was just read. */
const isNews = (event: LiveEvent) => !['snapshot', 'ready'].includes(event.type);

interface AddToCartProps {
  readonly product: Product;
  readonly sku: string;
  readonly price: number;
  readonly stock: StockHint | null;
}

function AddToCart({ product, sku, price, stock }: AddToCartProps) {
  const { t } = useI18n();
  const cart = useCart();
  const [quantity, setQuantity] = useState(1);
  const [busy, setBusy] = useState(false);
  const out = stock === 'out' || !product.active;
  const add = async () => {
    setBusy(true);
    await cart.add({ sku, name: product.name, price }, quantity);
    setBusy(false);
  };
  return (
    <div className="add-to-cart">
      <Quantity value={quantity} onChange={setQuantity} name={product.name} />
      <Button look="primary" icon="cart" busy={busy} disabled={out} onClick={() => void add()}>
        {t(out ? 'shop.product.unavailable' : 'shop.product.add')}
      </Button>
    </div>
  );
}
