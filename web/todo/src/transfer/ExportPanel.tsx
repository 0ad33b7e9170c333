import { Icon, useI18n } from '@slipway/ui';
import { useClient } from '../contract/ClientContext.tsx';

export function ExportPanel() {
  const { t } = useI18n();
  const client = useClient();
  return (
    <section className="panel">
      <h2>{t('todo.export.title')}</h2>
      <p>{t('todo.export.text')}</p>
      <p className="row">
        {(['json', 'csv', 'ics'] as const).map((format) => (
          <a key={format} className="button" data-look="secondary" href={client.exportUrl(format)} download={`todos.${format}`}>
            <Icon name="download" />
            {t(`todo.export.${format}`)}
          </a>
        ))}
      </p>
    </section>
  );
}
