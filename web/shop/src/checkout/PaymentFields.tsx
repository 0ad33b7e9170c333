import { Input, Select, useI18n } from '@slipway/ui';
import type { MakeField } from './AddressFields.tsx';
import { type CheckoutValues, testTokens } from './checks.ts';

export interface PaymentFieldsProps {
  readonly form: {
    readonly values: CheckoutValues;
    readonly setValues: (change: (values: CheckoutValues) => CheckoutValues) => void;
    readonly field: MakeField;
  };
}

const methods = ['test', 'card'] as const;

export function PaymentFields({ form }: PaymentFieldsProps) {
  const { t } = useI18n();
  const { field } = form;
  return (
    <fieldset className="part">
      <legend>{t('shop.checkout.payment')}</legend>
      <div className="choices">
        {methods.map((method) => (
          <label key={method} className="choice">
            <input
              type="radio"
              name="method"
              value={method}
              checked={form.values.method === method}
              onChange={() => form.setValues((values) => ({ ...values, method }))}
            />
            <span>
              <strong>{t(`shop.payment.${method}`)}</strong>
              <small>{t(`shop.payment.${method}.hint`)}</small>
            </span>
          </label>
        ))}
      </div>
      {form.values.method === 'card' ? (
        <>
          <Input
            {...field('cardNumber', t('shop.field.cardNumber'))}
            hint={t('shop.field.cardNumberHint')}
            inputMode="numeric"
            autoComplete="cc-number"
            maxLength={23}
            required
          />
          <div className="pair">
            <Input {...field('expiry', t('shop.field.expiry'))} autoComplete="cc-exp" maxLength={9} required />
            <Input {...field('code', t('shop.field.code'))} inputMode="numeric" autoComplete="cc-csc" maxLength={4} required />
          </div>
        </>
      ) : (
        <Select
          {...field('token', t('shop.field.token'))}
          options={testTokens.map((value) => ({ value, label: t(`shop.payment.${value}`) }))}
        />
      )}
    </fieldset>
  );
}
