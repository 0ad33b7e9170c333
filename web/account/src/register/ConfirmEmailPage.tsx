import { Banner, Button, Link, navigate, useI18n } from '@slipway/ui';
import { OneTimeLink } from '../page/OneTimeLink.tsx';
import { useSession } from '../page/Session.tsx';
import { identity } from '../wire/identity.ts';

/** Where the link of the mail to another address of an account leads; perhaps on a device where nobody is signed in. */
export function ConfirmEmailPage() {
  const { t } = useI18n();
  const session = useSession();
  return (
    <OneTimeLink
      title={t('account.email.confirmTitle')}
      send={identity.confirmEmail}
      failed={
        <>
          <Banner tone="warning">{t('account.email.failed')}</Banner>
          <Link to="/account">{t('account.notFound.home')}</Link>
        </>
      }
      done={
        <>
          <Banner tone="success">{t('account.email.done')}</Banner>
          <Button look="primary" wide onClick={() => void session.reload().finally(() => navigate('/account'))}>
            {t('account.signIn.continue')}
          </Button>
        </>
      }
    />
  );
}
