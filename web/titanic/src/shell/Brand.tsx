import { Link, useI18n } from '@slipway/ui';

/** A hull and its funnels. */
export function Brand() {
  const { t } = useI18n();
  return (
    <Link to="/" className="brand" aria-label={t('titanic.home')} aria-current={undefined}>
      <svg width="30" height="30" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <circle cx="16" cy="16" r="16" fill="var(--accent)" />
        <path
          d="M5.500 18.500h21l-3 5.500H9zM11 18.500v-8M15.500 18.500v-10M20 18.500v-8"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="brand-name">{t('titanic.brand')}</span>
    </Link>
  );
}
