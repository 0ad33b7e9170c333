import { useI18n } from '@slipway/ui';
import { useId } from 'react';
import type { StockHint, Variant } from '../wire/types.ts';

export interface VariantChoiceProps {
  readonly variants: readonly Variant[];
  readonly chosen: string;
  readonly hints: ReadonlyMap<string, StockHint> | null;
  readonly onChoose: (sku: string) => void;
}

export function VariantChoice({ variants, chosen, hints, onChoose }: VariantChoiceProps) {
  const { t } = useI18n();
  const group = useId();
  if (variants.length < 2) return null;
  return (
    <fieldset className="variants">
      <legend>{t('shop.product.variant')}</legend>
      {variants.map((variant) => {
        const out = (hints?.get(variant.sku) ?? variant.stock) === 'out';
        return (
          <label key={variant.sku} className="variant" data-out={out || undefined}>
            <input type="radio" name={group} checked={variant.sku === chosen} onChange={() => onChoose(variant.sku)} />
            <span>
              {nameOf(variant)}
              {out && <span className="sr-only"> {t('shop.stock.out')}</span>}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

const nameOf = (variant: Variant) => variant.name ?? (Object.values(variant.attributes).join(' · ') || variant.sku);
