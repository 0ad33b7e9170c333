import { Icon, useI18n } from '@slipway/ui';
import type { StockHint } from '../wire/types.ts';

export function StockLine({ stock }: { readonly stock: StockHint | null }) {
  const { t } = useI18n();
  return (
    <p className="stock-line" data-stock={stock ?? undefined} role="status">
      {stock && (
        <>
          <Icon name={stock === 'out' ? 'close' : stock === 'low' ? 'warning' : 'check'} size={18} />
          {t(`shop.stock.long.${stock}`)}
        </>
      )}
    </p>
  );
}
