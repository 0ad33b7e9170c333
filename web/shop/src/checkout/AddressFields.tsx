import { Input, Select, useI18n } from '@slipway/ui';
import { useMemo } from 'react';
import { type CheckoutValues, countries } from './checks.ts';

interface FieldParts {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly error: string | null;
  readonly onChange: (value: string) => void;
  readonly onBlur: () => void;
}

export type MakeField = (name: keyof CheckoutValues & string, label: string) => FieldParts;

export function ContactFields({ field }: { readonly field: MakeField }) {
  const { t } = useI18n();
  return (
    <fieldset className="part">
      <legend>{t('shop.checkout.contact')}</legend>
      <Input
        {...field('email', t('shop.field.email'))}
        hint={t('shop.field.emailHint')}
        type="email"
        autoComplete="email"
        inputMode="email"
        maxLength={254}
        required
      />
    </fieldset>
  );
}

export function AddressFields({ field }: { readonly field: MakeField }) {
  const { t, locale, formats } = useI18n();
  const options = useMemo(() => {
    const names = new Intl.DisplayNames([locale.startsWith('de') ? 'de' : 'en'], { type: 'region' });
    return countries
      .map((value) => ({ value, label: names.of(value) ?? value }))
      .sort((left, right) => formats.compare(left.label, right.label));
  }, [locale, formats]);
  return (
    <fieldset className="part">
      <legend>{t('shop.checkout.address')}</legend>
      <Input {...field('name', t('shop.field.name'))} autoComplete="name" maxLength={120} required />
      <Input {...field('street', t('shop.field.street'))} autoComplete="street-address" maxLength={200} required />
      <div className="pair">
        <Input {...field('postalCode', t('shop.field.postalCode'))} autoComplete="postal-code" maxLength={12} required />
        <Input {...field('city', t('shop.field.city'))} autoComplete="address-level2" maxLength={120} required />
      </div>
      <Select {...field('country', t('shop.field.country'))} autoComplete="country" options={options} required />
    </fieldset>
  );
}
