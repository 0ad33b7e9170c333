import { useI18n } from '@slipway/ui';
import { useEffect, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import type { StatusReport } from '../contract/types.ts';

const everyMs = 60_000;

/** How the services do, as their monitor sees them. Says nothing when the monitor itself is silent. */
export function ServiceStatus() {
  const { t, has, formats } = useI18n();
  const client = useClient();
  const [report, setReport] = useState<StatusReport | null>(null);
  useEffect(() => {
    let gone = false;
    const look = () => {
      if (document.hidden) return;
      client.status().then(
        (next) => !gone && setReport(next),
        () => !gone && setReport(null),
      );
    };
    look();
    const timer = setInterval(look, everyMs);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [client]);
  if (!report) return null;
  const key = `todo.status.${report.overall}`;
  const text = has(key) ? t(key) : t('todo.status.unknown');
  const troubled = report.services.filter((service) => !['up', 'idle'].includes(service.status)).map((service) => service.name);
  return (
    <p className="connection" data-status={report.overall}>
      <span className="connection-dot" aria-hidden="true" />
      <span>{text}</span>
      {troubled.length > 0 && <span>: {formats.list(troubled)}</span>}
      {report.checkedAt && (
        <span className="sr-only"> {t('todo.status.checked', { when: formats.instant(report.checkedAt, 'time') })}</span>
      )}
    </p>
  );
}
