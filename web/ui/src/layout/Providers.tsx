import { type ReactNode, StrictMode } from 'react';
import { LiveRegions } from '../announce/announcer.tsx';
import { ToastProvider } from '../feedback/Toasts.tsx';
import type { Catalogues } from '../i18n/catalogue.ts';
import { I18nProvider } from '../i18n/I18n.tsx';
import { KeyboardProvider } from '../keyboard/Keyboard.tsx';

export interface ProvidersProps {
  readonly catalogues: Catalogues;
  readonly locale?: string;
  readonly timeZone?: string;
  readonly children: ReactNode;
}

/** Everything a page needs around it, in the order in which the parts need each other. */
export function Providers({ catalogues, locale, timeZone, children }: ProvidersProps) {
  return (
    <StrictMode>
      <I18nProvider catalogues={catalogues} locale={locale} timeZone={timeZone}>
        <KeyboardProvider>
          <ToastProvider>
            {children}
            <LiveRegions />
          </ToastProvider>
        </KeyboardProvider>
      </I18nProvider>
    </StrictMode>
  );
}
