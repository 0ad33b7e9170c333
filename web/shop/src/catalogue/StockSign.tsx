import { useI18n } from '@slipway/ui';
import type { StockHint } from '../wire/types.ts';

export function StockSign({ stock }: { readonly stock: StockHint | null }) {
  const { t } = useI18n();
  if (!stock) return null;
  return (
    <span className="stock" data-stock={stock}>
      {t(`shop.stock.${stock}`)}
    </span>
  );
}
