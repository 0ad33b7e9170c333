import { Button, Input, useI18n, useToasts } from '@slipway/ui';
import { type Check, readAmount, useForm } from '../page/form.ts';
import { FormShell } from '../page/FormShell.tsx';
import { useShop } from '../session/SessionContext.tsx';
import type { Product, Variant } from '../wire/types.ts';

interface Values extends Readonly<Record<string, string>> {
  readonly price: string;
}

const check: Check<Values> = ({ price }) => (readAmount(price) ? null : 'shop.mistake.price');

export interface PricePanelProps {
  readonly product: Product;
  readonly variant: Variant;
  readonly etag: string | null;
  readonly onSaved: () => void;
}

/** A price of its own form: it changes more often than words do, and everybody who looks at the product sees it at once. */
export function PricePanel({ product, variant, etag, onSaved }: PricePanelProps) {
  const { t } = useI18n();
  const { client } = useShop();
  const toasts = useToasts();
  const form = useForm<Values>({ price: variant.price.toFixed(2) }, { price: check });
  const save = form.submit(async ({ price }) => {
    await client.setPrice(product.id, variant.sku, readAmount(price) ?? 0, etag);
    toasts.show({ text: t('shop.vendor.priceSaved') });
    onSaved();
  });
  const title = product.variants.length > 1 ? t('shop.price.of', { sku: variant.sku }) : t('shop.price');
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      <FormShell form={form} onSubmit={save} label={title}>
        <Input {...form.field('price', t('shop.price.euro'))} inputMode="decimal" maxLength={10} required />
        <Button type="submit" busy={form.busy}>
          {t('shop.vendor.setPrice')}
        </Button>
      </FormShell>
    </section>
  );
}
