import { Button, Icon, useI18n, useToasts } from '@slipway/ui';
import { guestLink } from './guestOrders.ts';

/** A guest has no account to come back to; this link is their way in, so it is offered and explained. */
export function GuestLink({ id, token }: { readonly id: string; readonly token: string }) {
  const { t } = useI18n();
  const toasts = useToasts();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(guestLink(id, token));
      toasts.show({ text: t('shop.guest.copied') });
    } catch {
      toasts.show({ text: t('shop.guest.notCopied'), tone: 'danger' });
    }
  };
  return (
    <div className="guest-link">
      <Icon name="key" />
      <p>{t('shop.guest.text')}</p>
      <Button look="quiet" onClick={() => void copy()}>
        {t('shop.guest.copy')}
      </Button>
    </div>
  );
}
