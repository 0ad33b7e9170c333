import { useI18n } from '@slipway/ui';

export function CardSkeletons() {
  const { t } = useI18n();
  return (
    <div role="status">
      <span className="sr-only">{t('ui.loading')}</span>
      <div className="cards" aria-hidden="true">
        {Array.from({ length: 8 }, (_, index) => (
          // Placeholders have no identity.
          <div key={index} className="card card-waiting">
            <span className="art" />
            <span className="skeleton-line" />
            <span className="skeleton-line" data-step="1" />
          </div>
        ))}
      </div>
    </div>
  );
}
