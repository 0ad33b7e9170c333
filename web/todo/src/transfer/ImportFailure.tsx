import { Banner, explain, traceOf, useI18n } from '@slipway/ui';

export function ImportFailure({ error }: { readonly error: unknown }) {
  const i18n = useI18n();
  const trace = traceOf(error);
  return (
    <Banner tone="danger" title={i18n.t('todo.import.failed')}>
      {explain(error, i18n)}
      {trace && (
        <p className="trace">
          {i18n.t('ui.error.trace')} <code>{trace}</code>
        </p>
      )}
    </Banner>
  );
}
