import {
  Banner,
  Button,
  Checkbox,
  ConfirmDialog,
  ErrorState,
  explain,
  Input,
  Link,
  navigate,
  ProblemError,
  Select,
  Skeleton,
  TextArea,
  useI18n,
  useToasts,
} from '@slipway/ui';
import { useRef, useState } from 'react';
import { type Check, readAmount, required, useForm } from '../page/form.ts';
import { FormShell } from '../page/FormShell.tsx';
import { useShop } from '../session/SessionContext.tsx';
import { useCategories } from '../catalogue/useCategories.ts';
import { useLoad } from '@slipway/ui/load';
import { NotFound } from '../shell/NotFound.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { SignInFirst } from '../shell/SignInFirst.tsx';
import type { Product } from '../wire/types.ts';
import { ImagePanel } from './ImagePanel.tsx';
import { PricePanel } from './PricePanel.tsx';
import { StockPanel } from './StockPanel.tsx';

export function ProductEditor({ id }: { readonly id: string | null }) {
  return (
    <SignInFirst as="vendor">
      {id === null ? <ProductForm key="new" product={null} etag={null} onSaved={() => {}} /> : <Existing id={id} />}
    </SignInFirst>
  );
}

function Existing({ id }: { readonly id: string }) {
  const { client } = useShop();
  const { data, error, reload } = useLoad(() => client.ownProduct(id), id);
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  if (!data) return error ? <ErrorState error={error} onRetry={reload} /> : <Skeleton lines={8} />;
  const { product, etag } = data;
  return (
    <>
      <ProductForm key={etag} product={product} etag={etag} onSaved={reload} />
      <div className="panels">
        {product.variants.map((variant) => (
          <PricePanel key={`${variant.sku}-${etag}`} product={product} variant={variant} etag={etag} onSaved={reload} />
        ))}
        {product.variants.map(({ sku }) => (
          <StockPanel key={sku} sku={sku} />
        ))}
        <ImagePanel product={product} etag={etag} onSaved={reload} />
      </div>
    </>
  );
}

interface Values extends Readonly<Record<string, string>> {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly price: string;
}

const skuCheck: Check<Values> = ({ sku }) =>
  !sku.trim() ? 'ui.field.required' : /^[A-Z0-9][A-Z0-9._-]{0,63}$/.test(sku.trim()) ? null : 'shop.mistake.sku';
const priceCheck: Check<Values> = ({ price }) => (readAmount(price) ? null : 'shop.mistake.price');

interface ProductFormProps {
  readonly product: Product | null;
  readonly etag: string | null;
  readonly onSaved: () => void;
}

function ProductForm({ product, etag, onSaved }: ProductFormProps) {
  const i18n = useI18n();
  const { t } = i18n;
  const { client } = useShop();
  const toasts = useToasts();
  const categories = useCategories();
  const key = useRef(crypto.randomUUID());
  const [active, setActive] = useState(product?.active ?? true);
  const [deleting, setDeleting] = useState(false);
  const form = useForm<Values>(
    {
      sku: product?.sku ?? '',
      name: product?.name ?? '',
      category: product?.category ?? '',
      description: product?.description ?? '',
      price: product ? product.price.toFixed(2) : '',
    },
    { sku: skuCheck, name: required('name'), category: required('category'), price: priceCheck },
  );
  const save = form.submit(async (values) => {
    const draft = {
      name: values.name.trim(),
      category: values.category.trim(),
      description: values.description.trim(),
      active,
    };
    if (product) {
      await client.updateProduct(product, draft, etag);
      toasts.show({ text: t('shop.vendor.saved') });
      onSaved();
    } else {
      const made = await client.createProduct({ ...draft, sku: values.sku.trim(), price: readAmount(values.price) ?? 0 }, key.current);
      // The next product is another one.
      key.current = crypto.randomUUID();
      toasts.show({ text: t('shop.vendor.created', { name: made.name }) });
      navigate(`/vendor/products/${made.id}`);
    }
  });
  const remove = async () => {
    if (!product) return;
    try {
      await client.deleteProduct(product.id, etag);
      toasts.show({ text: t('shop.vendor.deleted', { name: product.name }) });
      navigate('/vendor');
    } catch (error) {
      setDeleting(false);
      toasts.show({ text: explain(error, i18n), tone: 'danger' });
    }
  };
  const title = product ? product.name : t('shop.vendor.new');
  const choices = categories.all.map(({ slug, path }) => ({ value: slug, label: path.map(categories.nameOf).join(' › ') }));
  // What is chosen stays choosable while the list is on its way.
  const unknown = form.values.category && !choices.some(({ value }) => value === form.values.category);
  const options = [
    { value: '', label: '' },
    ...choices,
    ...(unknown ? [{ value: form.values.category, label: form.values.category }] : []),
  ];
  return (
    <>
      <nav className="crumbs" aria-label={t('shop.crumbs')}>
        <Link to="/vendor">{t('shop.vendor.title')}</Link>
        {product && <Link to={`/products/${product.id}`}>{t('shop.vendor.show')}</Link>}
      </nav>
      <PageHead title={title} />
      <div className="narrow">
        <FormShell form={form} onSubmit={save} label={title}>
          {product && !product.active && <Banner tone="warning">{t('shop.vendor.inactive.text')}</Banner>}
          <Input {...form.field('name', t('shop.product.name'))} maxLength={200} required />
          <div className="pair">
            <Input
              {...form.field('sku', t('shop.product.sku'))}
              hint={t('shop.product.skuHint')}
              maxLength={64}
              readOnly={product !== null}
              required
            />
            <Select
              {...form.field('category', t('shop.filter.category'))}
              hint={t('shop.product.categoryHint')}
              options={options}
              required
            />
          </div>
          {!product && <Input {...form.field('price', t('shop.price.euro'))} inputMode="decimal" maxLength={10} required />}
          <TextArea {...form.field('description', t('shop.product.description'))} maxLength={5000} optional />
          <Checkbox label={t('shop.vendor.active')} checked={active} onChange={setActive} />
          <div className="row">
            <Button type="submit" look="primary" busy={form.busy}>
              {t(product ? 'shop.vendor.save' : 'shop.vendor.create')}
            </Button>
            {product && (
              <Button look="quiet" icon="trash" onClick={() => setDeleting(true)}>
                {t('shop.vendor.delete')}
              </Button>
            )}
          </div>
        </FormShell>
      </div>
      <ConfirmDialog
        open={deleting}
        danger
        title={t('shop.vendor.deleteTitle', { name: title })}
        action={t('shop.vendor.delete')}
        onConfirm={() => void remove()}
        onClose={() => setDeleting(false)}
      >
        <p>{t('shop.vendor.deleteText')}</p>
      </ConfirmDialog>
    </>
  );
}
