import { IconButton, useI18n } from '@slipway/ui';
import { useEffect, useId, useState } from 'react';

export const quantityMax = 99;

export interface QuantityProps {
  readonly value: number;
  readonly name: string;
  readonly onChange: (value: number) => void;
}

export function Quantity({ value, name, onChange }: QuantityProps) {
  const { t } = useI18n();
  const id = useId();
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  // Half-typed numbers change nothing; what is left behind is put right.
  const settle = () => {
    const wanted = Math.min(quantityMax, Math.max(1, Math.round(Number(typed)) || value));
    setTyped(String(wanted));
    if (wanted !== value) onChange(wanted);
  };
  return (
    <div className="quantity">
      <IconButton icon="minus" label={t('shop.quantity.less', { name })} disabled={value <= 1} onClick={() => onChange(value - 1)} />
      <label htmlFor={id} className="sr-only">
        {t('shop.quantity.label', { name })}
      </label>
      <input
        id={id}
        inputMode="numeric"
        pattern="[0-9]*"
        maxLength={2}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === 'Enter') settle();
        }}
      />
      <IconButton
        icon="add"
        label={t('shop.quantity.more', { name })}
        disabled={value >= quantityMax}
        onClick={() => onChange(value + 1)}
      />
    </div>
  );
}
