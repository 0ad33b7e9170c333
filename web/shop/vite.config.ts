import { defineConfig, mergeConfig } from 'vite';
import { pages } from '../ui/vite/pages.ts';

const shop = process.env.SHOP ?? 'http://shop.localhost:8080';

// Besides its own session, the shop's page calls services for whoever is signed in, and asks where the payment provider is.
export default defineConfig(
  mergeConfig(pages({ api: shop }), { server: { proxy: { '/my': shop, '/store': shop, '/settings.json': shop } } }),
);
