import { announce, Button, useI18n } from '@slipway/ui';
import { useEffect, useRef } from 'react';
import type { CreatedApiKey } from '../wire/types.ts';

/** The one moment in which the key can be read. */
export function NewApiKey({ created }: { readonly created: CreatedApiKey }) {
  const { t } = useI18n();
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  const copy = async () => {
    await navigator.clipboard.writeText(created.key);
    announce(t('account.copied'));
  };
  return (
    <section className="banner" data-tone="success" ref={box} tabIndex={-1} aria-label={t('account.keys.createdTitle')}>
      <div className="banner-text stack">
        <strong>{t('account.keys.createdTitle')}</strong>
        <p>{t('account.keys.createdText')}</p>
        <code className="secret" data-testid="api-key">
          {created.key}
        </code>
      </div>
      <div className="banner-action">
        <Button onClick={() => void copy().catch(() => undefined)}>{t('account.copy')}</Button>
      </div>
    </section>
  );
}
