import { Button, ErrorState, explain, Skeleton, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { Frame } from '../page/Frame.tsx';
import { useStepUp } from '../page/StepUp.tsx';
import { useLoad } from '../page/useLoad.ts';
import { identity } from '../wire/identity.ts';
import type { Device } from '../wire/types.ts';
import { describeDevice } from './device.ts';

export function SessionsPage() {
  const { t } = useI18n();
  return (
    <Frame title={t('account.sessions.title')} lead={t('account.sessions.lead')}>
      <Devices />
    </Frame>
  );
}

function Devices() {
  const i18n = useI18n();
  const { t } = i18n;
  const toasts = useToasts();
  const stepUp = useStepUp();
  const devices = useLoad(identity.devices);
  const [ending, setEnding] = useState<string | null>(null);

  const end = async (device: Device) => {
    setEnding(device.id);
    try {
      await stepUp(() => identity.endDevice(device.id));
      toasts.show({ text: t('account.sessions.ended') });
      devices.reload();
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger' });
    } finally {
      setEnding(null);
    }
  };

  if (!devices.data) return devices.error ? <ErrorState error={devices.error} onRetry={devices.reload} /> : <Skeleton lines={3} />;
  return (
    <ul className="lines">
      {devices.data.items.map((device) => (
        <DeviceLine key={device.id} device={device} busy={ending === device.id} onEnd={() => void end(device)} />
      ))}
    </ul>
  );
}

interface DeviceLineProps {
  readonly device: Device;
  readonly busy: boolean;
  readonly onEnd: () => void;
}

function DeviceLine({ device, busy, onEnd }: DeviceLineProps) {
  const { t, formats } = useI18n();
  const known = describeDevice(device.userAgent);
  const name = known ? t('account.sessions.device', known) : t('account.sessions.unknown');
  const place = [device.clientId, device.network].filter(Boolean).join(' · ');
  return (
    <li className="line">
      <div className="line-text">
        <strong>
          {name} {device.current && <span className="badge">{t('account.sessions.current')}</span>}
        </strong>
        {place && <small>{place}</small>}
        <small>
          {t('account.sessions.started', { when: formats.instant(device.createdAt) })} ·{' '}
          {t('account.sessions.seen', { when: formats.ago(device.lastSeenAt, Date.now()) })}
        </small>
      </div>
      {!device.current && (
        <Button busy={busy} onClick={onEnd} aria-label={t('account.sessions.endOf', { device: name })}>
          {t('account.sessions.end')}
        </Button>
      )}
    </li>
  );
}
