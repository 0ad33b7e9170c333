import { EmptyState, Link, useI18n } from '@slipway/ui';

export function NotFound() {
  const { t } = useI18n();
  return (
    <EmptyState level={1} icon="search" title={t('todo.notFound.title')} action={<Link to="/today">{t('todo.notFound.back')}</Link>}>
      {t('todo.notFound.text')}
    </EmptyState>
  );
}
