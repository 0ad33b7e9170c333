import { announce, Button, useI18n } from '@slipway/ui';
import { useEffect } from 'react';

/** Others' additions wait here until the reader asks for them. */
export function NewsPill({ count, onShow }: { readonly count: number; readonly onShow: () => void }) {
  const { t } = useI18n();
  useEffect(() => {
    if (count > 0) announce(t('todo.news.count', { count }));
  }, [count, t]);
  if (count === 0) return null;
  return (
    <div className="news">
      <Button look="primary" icon="up" onClick={onShow}>
        {t('todo.news.count', { count })}
      </Button>
    </div>
  );
}
