import { type Route, Routes } from '@slipway/ui';
import { AccountPage } from './account/AccountPage.tsx';
import { AdminOrderPage } from './admin/AdminOrderPage.tsx';
import { AdminOrdersPage } from './admin/AdminOrdersPage.tsx';
import { PaymentsPage } from './admin/PaymentsPage.tsx';
import { CartProvider } from './cart/CartContext.tsx';
import { CartPage } from './cart/CartPage.tsx';
import { CataloguePage } from './catalogue/CataloguePage.tsx';
import { CheckoutPage } from './checkout/CheckoutPage.tsx';
import { OrderPage } from './order/OrderPage.tsx';
import { OrdersPage } from './order/OrdersPage.tsx';
import { ProductPage } from './product/ProductPage.tsx';
import { SessionProvider } from './session/SessionContext.tsx';
import { NotFound } from './shell/NotFound.tsx';
import { Shell } from './shell/Shell.tsx';
import { ProductEditor } from './vendor/ProductEditor.tsx';
import { VendorOrdersPage } from './vendor/VendorOrdersPage.tsx';
import { VendorPage } from './vendor/VendorPage.tsx';

const routes: readonly Route[] = [
  { path: '/', render: () => <CataloguePage /> },
  { path: '/products/:id', render: ({ id = '' }) => <ProductPage id={id} key={id} /> },
  { path: '/cart', render: () => <CartPage /> },
  { path: '/checkout', render: () => <CheckoutPage /> },
  { path: '/confirmation/:id', render: ({ id = '' }) => <OrderPage id={id} key={id} fresh /> },
  { path: '/orders', render: () => <OrdersPage /> },
  { path: '/orders/:id', render: ({ id = '' }) => <OrderPage id={id} key={id} /> },
  { path: '/account', render: () => <AccountPage /> },
  { path: '/vendor', render: () => <VendorPage /> },
  { path: '/vendor/new', render: () => <ProductEditor id={null} /> },
  { path: '/vendor/orders', render: () => <VendorOrdersPage /> },
  { path: '/vendor/products/:id', render: ({ id = '' }) => <ProductEditor id={id} key={id} /> },
  { path: '/admin', render: () => <AdminOrdersPage /> },
  { path: '/admin/payments', render: () => <PaymentsPage /> },
  { path: '/admin/orders/:id', render: ({ id = '' }) => <AdminOrderPage id={id} key={id} /> },
  { path: '*', render: () => <NotFound /> },
];

export function App() {
  return (
    <SessionProvider>
      <CartProvider>
        <Shell>
          <Routes routes={routes} />
        </Shell>
      </CartProvider>
    </SessionProvider>
  );
}
