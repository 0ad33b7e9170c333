import { Link, useI18n } from '@slipway/ui';

/** A sail over three waves. */
export function Brand() {
  const { t } = useI18n();
  return (
    <Link to="/" className="brand" aria-label={t('shop.brand.home')}>
      <svg width="32" height="32" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <circle cx="16" cy="16" r="16" fill="var(--accent)" />
        <path
          d="M8 20.5c2.7 2 5.300 2 8 0s5.300-2 8 0M16 16.500V7.500l6 7.500h-6M10 16.500h12.500"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="brand-name">{t('shop.brand')}</span>
    </Link>
  );
}
