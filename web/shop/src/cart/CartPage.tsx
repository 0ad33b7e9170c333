import { Banner, EmptyState, ErrorState, Icon, IconButton, Link, Skeleton, useI18n } from '@slipway/ui';
import { ProductArt } from '../catalogue/ProductArt.tsx';
import { Quantity } from '../product/Quantity.tsx';
import { Money } from '../shell/Money.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { minor } from '@slipway/ui/read';
import type { CartLine } from '../wire/types.ts';
import { useCart } from './CartContext.tsx';
import { Totals } from './Totals.tsx';

export function CartPage() {
  const { t } = useI18n();
  const { cart, error, reload } = useCart();
  if (!cart) {
    return (
      <>
        <PageHead title={t('shop.cart.title')} />
        {error ? <ErrorState error={error} onRetry={() => void reload()} /> : <Skeleton lines={5} />}
      </>
    );
  }
  if (cart.lines.length === 0) {
    return (
      <>
        <PageHead title={t('shop.cart.title')} />
        <EmptyState
          icon="cart"
          title={t('shop.cart.empty.title')}
          action={
            <Link to="/" className="button" data-look="primary">
              {t('shop.cart.empty.action')}
            </Link>
          }
        >
          {t('shop.cart.empty.text')}
        </EmptyState>
      </>
    );
  }
  const short = cart.lines.some((line) => line.stock === 'out');
  return (
    <>
      <PageHead title={t('shop.cart.title')} lead={t('shop.cart.count', { count: cart.count })} />
      <div className="two-columns">
        <ul className="lines">
          {cart.lines.map((line) => (
            <CartRow key={line.sku} line={line} currency={cart.currency} />
          ))}
        </ul>
        <aside className="summary" aria-label={t('shop.totals.title')}>
          <Totals cart={cart} />
          {short && <Banner tone="warning">{t('shop.cart.someOut')}</Banner>}
          <Link to="/checkout" className="button" data-look="primary" data-wide>
            {t('shop.cart.checkout')}
          </Link>
          <p className="summary-note">
            <Icon name="lock" size={16} /> {t('shop.cart.safe')}
          </p>
        </aside>
      </div>
    </>
  );
}

function CartRow({ line, currency }: { readonly line: CartLine; readonly currency: string }) {
  const { t, formats } = useI18n();
  const cart = useCart();
  const money = (amount: number) => formats.money(minor(amount), currency);
  return (
    <li className="line">
      <ProductArt product={{ id: line.sku, name: line.name, category: line.sku.split('-')[0] ?? '', image: line.image }} />
      <div className="line-text">
        <Link to={`/products/${encodeURIComponent(line.sku)}`} className="line-name">
          {line.name}
        </Link>
        <small>{line.sku}</small>
        {line.priceChanged && (
          <p className="line-note" data-tone="warning">
            {t('shop.cart.priceChanged', { before: money(line.priceChanged.yours), now: money(line.priceChanged.now) })}
          </p>
        )}
        {(line.stock === 'low' || line.stock === 'out') && (
          <p className="line-note" data-tone={line.stock === 'out' ? 'danger' : 'warning'}>
            {t(`shop.stock.long.${line.stock}`)}
          </p>
        )}
      </div>
      <div className="line-tools">
        <Quantity value={line.quantity} name={line.name} onChange={(quantity) => void cart.setQuantity(line.sku, quantity)} />
        <IconButton icon="trash" label={t('shop.cart.remove', { name: line.name })} onClick={() => void cart.remove(line.sku)} />
      </div>
      <div className="line-price">
        <Money amount={line.subtotal} currency={currency} />
        {line.quantity > 1 && <small>{t('shop.cart.each', { price: money(line.price) })}</small>}
      </div>
    </li>
  );
}
