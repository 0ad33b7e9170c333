import { EmptyState, Link, useI18n, useTitle } from '@slipway/ui';

export function NotFound() {
  const { t } = useI18n();
  useTitle(t('shop.title', { page: t('shop.notFound.title') }));
  return (
    <EmptyState
      level={1}
      icon="search"
      title={t('shop.notFound.title')}
      action={
        <Link to="/" className="button" data-look="primary">
          {t('shop.notFound.home')}
        </Link>
      }
    >
      {t('shop.notFound.text')}
    </EmptyState>
  );
}
