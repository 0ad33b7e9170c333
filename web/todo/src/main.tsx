import '@slipway/ui/styles.css';
import './page.css';
import { applyStoredTheme, Providers } from '@slipway/ui';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { registerShellCache } from './live/shellCache.ts';
import { catalogues } from './texts/catalogues.ts';

applyStoredTheme();
const root = document.getElementById('page');
if (!root) throw new Error('The page has no place to be drawn in');
createRoot(root).render(
  <Providers catalogues={catalogues}>
    <App />
  </Providers>,
);
void registerShellCache();
