import { Input, type InputProps, useI18n } from '@slipway/ui';
import { useState } from 'react';

/** Typing blind leads to weaker passwords; whoever sits alone may look. Pasting and password managers work as they do. */
export function PasswordInput(props: Omit<InputProps, 'type' | 'trailing'>) {
  const { t } = useI18n();
  const [shown, setShown] = useState(false);
  return (
    <Input
      {...props}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      trailing={
        <button
          type="button"
          className="reveal"
          aria-pressed={shown}
          aria-label={t('account.field.showLabel')}
          onClick={() => setShown(!shown)}
        >
          {t(shown ? 'account.field.hide' : 'account.field.show')}
        </button>
      }
    />
  );
}
