import '@slipway/ui/styles.css';
import './styles/page.css';
import { applyStoredTheme, Providers } from '@slipway/ui';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { catalogues } from './texts/catalogues.ts';

applyStoredTheme();
const root = document.getElementById('page');
if (!root) throw new Error('index.html has no element for the page');
createRoot(root).render(
  <Providers catalogues={catalogues}>
    <App />
  </Providers>,
);
