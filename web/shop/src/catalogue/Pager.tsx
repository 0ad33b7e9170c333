import { Button, useI18n } from '@slipway/ui';

export interface PagerProps {
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}

export function Pager({ page, pages, onPage }: PagerProps) {
  const { t } = useI18n();
  if (pages <= 1) return null;
  const go = (to: number) => {
    onPage(to);
    window.scrollTo({ top: 0 });
  };
  return (
    <nav className="pager" aria-label={t('shop.pager.label')}>
      <Button icon="left" disabled={page <= 1} onClick={() => go(page - 1)}>
        {t('shop.pager.previous')}
      </Button>
      <span aria-live="polite">{t('shop.pager.where', { page, pages })}</span>
      <Button disabled={page >= pages} onClick={() => go(page + 1)}>
        {t('shop.pager.next')}
      </Button>
    </nav>
  );
}
