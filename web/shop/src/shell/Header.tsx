import { Icon, Link, Preferences, useI18n } from '@slipway/ui';
import { useCart } from '../cart/CartContext.tsx';
import { AccountMenu } from './AccountMenu.tsx';
import { Brand } from './Brand.tsx';
import { SearchBox } from './SearchBox.tsx';

export function Header() {
  const { t } = useI18n();
  return (
    <header className="shop-head">
      <div className="shop-head-inner">
        <Brand />
        <SearchBox />
        <nav className="shop-head-tools" aria-label={t('shop.menu')}>
          <Preferences />
          <AccountMenu />
          <CartLink />
        </nav>
      </div>
    </header>
  );
}

/** The count follows the cart wherever it is changed: here, in another tab, on the telephone. */
function CartLink() {
  const { t } = useI18n();
  const count = useCart().cart?.count ?? 0;
  return (
    <Link to="/cart" className="cart-link" aria-label={t('shop.cart.link', { count })}>
      <Icon name="cart" />
      {count > 0 && (
        <span className="cart-count" aria-hidden="true">
          {count}
        </span>
      )}
    </Link>
  );
}
