import { Icon, type IconName, Link, useI18n } from '@slipway/ui';
import { useShop } from '../session/SessionContext.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { SignInFirst } from '../shell/SignInFirst.tsx';

interface Place {
  readonly id: string;
  readonly icon: IconName;
  readonly path: string;
}

/** Rights over one's data (access, rectification, erasure, portability) and what belongs to safety live with the account itself. */
const places: readonly Place[] = [
  { id: 'profile', icon: 'user', path: '/account' },
  { id: 'password', icon: 'lock', path: '/account/password' },
  { id: 'twoFactor', icon: 'key', path: '/account/two-factor' },
  { id: 'export', icon: 'download', path: '/account/privacy' },
  { id: 'consent', icon: 'check', path: '/account/privacy' },
  { id: 'erase', icon: 'trash', path: '/account/privacy' },
];

export function AccountPage() {
  return (
    <SignInFirst>
      <Account />
    </SignInFirst>
  );
}

function Account() {
  const { t } = useI18n();
  const { user, neighbours } = useShop();
  return (
    <>
      <PageHead title={t('shop.account.title')} lead={user?.email} />
      <ul className="tiles">
        <li>
          <Link to="/orders" className="tile">
            <Icon name="box" />
            <strong>{t('shop.orders.title')}</strong>
            <span>{t('shop.account.orders.text')}</span>
          </Link>
        </li>
        {places.map(({ id, icon, path }) => (
          <li key={id}>
            <a href={neighbours.accounts + path} className="tile">
              <Icon name={icon} />
              <strong>{t(`shop.account.${id}`)}</strong>
              <span>{t(`shop.account.${id}.text`)}</span>
            </a>
          </li>
        ))}
      </ul>
      <p className="lead">{t('shop.account.erasing')}</p>
    </>
  );
}
