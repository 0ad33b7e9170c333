import { Banner, explain, useI18n, useToasts } from '@slipway/ui';
import { useId, useState } from 'react';
import { ProductArt } from '../catalogue/ProductArt.tsx';
import { useShop } from '../session/SessionContext.tsx';
import type { Product } from '../wire/types.ts';

const bytesMax = 2 * 1024 * 1024;
const kinds = ['image/png', 'image/jpeg', 'image/webp'];

export function ImagePanel({
  product,
  etag,
  onSaved,
}: {
  readonly product: Product;
  readonly etag: string | null;
  readonly onSaved: () => void;
}) {
  const i18n = useI18n();
  const { t } = i18n;
  const { client } = useShop();
  const toasts = useToasts();
  const id = useId();
  const [failure, setFailure] = useState<string | null>(null);
  const send = async (file: File | undefined) => {
    if (!file) return;
    const wrong = !kinds.includes(file.type) ? 'shop.mistake.imageKind' : file.size > bytesMax ? 'shop.mistake.imageSize' : null;
    setFailure(wrong ? t(wrong) : null);
    if (wrong) return;
    try {
      await client.setImage(product.id, file, etag);
      toasts.show({ text: t('shop.vendor.imageSaved') });
      onSaved();
    } catch (error) {
      setFailure(explain(error, i18n));
    }
  };
  return (
    <section className="panel" aria-label={t('shop.product.image')}>
      <h2>{t('shop.product.image')}</h2>
      {failure && <Banner tone="danger">{failure}</Banner>}
      <div className="panel-art">
        <ProductArt product={product} />
      </div>
      <div className="field">
        <label htmlFor={id}>{t('shop.product.imageChoose')}</label>
        <p className="field-hint" id={`${id}-hint`}>
          {t('shop.product.imageHint')}
        </p>
        <input
          id={id}
          type="file"
          className="input"
          accept={kinds.join(',')}
          aria-describedby={`${id}-hint`}
          onChange={(event) => void send(event.target.files?.[0])}
        />
      </div>
    </section>
  );
}
