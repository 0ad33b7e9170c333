import { Fragment } from 'react';
import { useI18n } from '../i18n/I18n.tsx';
import { keyCaps } from './keymap.ts';

export function Keys({ keys }: { readonly keys: string }) {
  const { t } = useI18n();
  const caps = keyCaps(keys, /Mac|iPhone|iPad/.test(navigator.userAgent));
  return (
    <span className="keys">
      {caps.map((cap, index) => (
        // The strokes of one binding never change places.
        <Fragment key={index}>
          {index > 0 && <span className="keys-then">{t('ui.keys.then')}</span>}
          <kbd>{cap}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
