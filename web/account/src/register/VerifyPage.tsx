import { Banner, Button, Link, navigate, useI18n } from '@slipway/ui';
import { OneTimeLink } from '../page/OneTimeLink.tsx';
import { rememberedContinuation, withContinuation } from '../wire/continuation.ts';
import { identity } from '../wire/identity.ts';

/** Where the link of the mail to a new account leads. */
export function VerifyPage() {
  const { t } = useI18n();
  return (
    <OneTimeLink
      title={t('account.verify.title')}
      send={identity.confirm}
      failed={
        <>
          <Banner tone="warning">{t('account.verify.failed')}</Banner>
          <Link to="/register">{t('account.verify.again')}</Link>
        </>
      }
      done={
        <>
          <Banner tone="success">{t('account.verify.done')}</Banner>
          <Button look="primary" wide onClick={() => navigate(withContinuation('/sign-in', rememberedContinuation()))}>
            {t('account.signIn.submit')}
          </Button>
        </>
      }
    />
  );
}
