import '@slipway/ui/styles.css';
import './page/page.css';
import { applyStoredTheme, Providers } from '@slipway/ui';
import { createRoot } from 'react-dom/client';
import { Pages } from './Pages.tsx';
import { SessionProvider } from './page/Session.tsx';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';

applyStoredTheme();
const root = document.getElementById('page');
if (!root) throw new Error('index.html has no element for the page');
createRoot(root).render(
  <Providers catalogues={{ en, de }}>
    <SessionProvider>
      <Pages />
    </SessionProvider>
  </Providers>,
);
