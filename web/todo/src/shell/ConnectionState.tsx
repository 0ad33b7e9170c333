import { Icon, useI18n } from '@slipway/ui';
import { useTodoState } from '../store/StoreContext.tsx';

export function ConnectionState() {
  const { t } = useI18n();
  const { connection, changes } = useTodoState();
  const waiting = changes.filter((change) => change.state === 'waiting' || change.state === 'sending').length;
  return (
    <p className="connection" data-state={connection}>
      {connection === 'offline' ? <Icon name="offline" size={16} /> : <span className="connection-dot" aria-hidden="true" />}
      <span>{t(`todo.connection.${connection}`)}</span>
      {waiting > 0 && <span> · {t('todo.connection.waitingChanges', { count: waiting })}</span>}
    </p>
  );
}
