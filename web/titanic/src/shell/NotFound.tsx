import { EmptyState, Link, useI18n, useTitle } from '@slipway/ui';

export function NotFound() {
  const { t } = useI18n();
  useTitle(t('titanic.title', { page: t('titanic.notFound.title') }));
  return (
    <EmptyState
      level={1}
      icon="search"
      title={t('titanic.notFound.title')}
      action={
        <Link to="/" className="button" data-look="primary">
          {t('titanic.notFound.home')}
        </Link>
      }
    >
      {t('titanic.notFound.text')}
    </EmptyState>
  );
}
