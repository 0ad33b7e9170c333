import { Button, useI18n } from '@slipway/ui';
import { saveText } from '../page/saveText.ts';

export function RecoveryCodes({ codes, email }: { readonly codes: readonly string[]; readonly email: string }) {
  const { t } = useI18n();
  return (
    <div className="setup-step">
      <p>{t('account.twoFactor.keepLead')}</p>
      <ul className="codes" data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button icon="download" onClick={() => saveText('slipway-recovery-codes.txt', `Slipway · ${email}\n\n${codes.join('\n')}\n`)}>
        {t('account.twoFactor.download')}
      </Button>
    </div>
  );
}
