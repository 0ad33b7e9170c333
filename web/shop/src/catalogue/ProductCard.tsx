import { Link, useI18n } from '@slipway/ui';
import { Money } from '../shell/Money.tsx';
import type { Product } from '../wire/types.ts';
import { ProductArt } from './ProductArt.tsx';
import { StockSign } from './StockSign.tsx';
import { useCategories, useWords } from './useCategories.ts';

export function ProductCard({ product }: { readonly product: Product }) {
  const { t } = useI18n();
  const { nameOf } = useCategories();
  const words = useWords();
  const prices = product.variants.map((variant) => variant.price);
  const from = Math.min(product.price, ...prices);
  return (
    <li className="card">
      <Link to={`/products/${encodeURIComponent(product.id)}`} className="card-link">
        <ProductArt product={product} />
        <span className="card-text">
          <span className="card-category">{nameOf(product.category)}</span>
          <span className="card-name">{words(product).name}</span>
          <span className="card-foot">
            <span className="card-price">
              {Math.max(...prices) > from && <span className="card-from">{t('shop.price.from')} </span>}
              <Money amount={from} currency={product.currency} />
            </span>
            <StockSign stock={product.stock} />
          </span>
        </span>
      </Link>
    </li>
  );
}
