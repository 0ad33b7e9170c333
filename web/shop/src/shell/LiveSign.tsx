import { Icon, useI18n } from '@slipway/ui';
import type { LiveState } from '@slipway/ui/events';

/** Whether what is shown moves by itself at the moment; said in words, since a dot says nothing to many people. */
export function LiveSign({ state }: { readonly state: LiveState }) {
  const { t } = useI18n();
  return (
    <span className="live-sign" data-state={state} role="status">
      <Icon name={state === 'live' ? 'done' : 'offline'} size={16} />
      {t(`shop.live.${state}`)}
    </span>
  );
}
