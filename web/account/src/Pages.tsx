import { navigate, type Route, Routes, useI18n } from '@slipway/ui';
import { type ReactNode, useEffect } from 'react';
import { ActivityPage } from './account/ActivityPage.tsx';
import { ApiKeysPage } from './account/ApiKeysPage.tsx';
import { PasskeysPage } from './account/PasskeysPage.tsx';
import { PasswordPage } from './account/PasswordPage.tsx';
import { PrivacyPage } from './account/PrivacyPage.tsx';
import { ProfilePage } from './account/ProfilePage.tsx';
import { SessionsPage } from './account/SessionsPage.tsx';
import { TwoFactorPage } from './account/TwoFactorPage.tsx';
import { AuditPage } from './admin/AuditPage.tsx';
import { UserPage } from './admin/UserPage.tsx';
import { UsersPage } from './admin/UsersPage.tsx';
import { ConsentPage } from './consent/ConsentPage.tsx';
import { Entry } from './page/Entry.tsx';
import { SignedIn } from './page/SignedIn.tsx';
import { ForgotPage } from './recover/ForgotPage.tsx';
import { KeepPage } from './recover/KeepPage.tsx';
import { ResetPage } from './recover/ResetPage.tsx';
import { ConfirmEmailPage } from './register/ConfirmEmailPage.tsx';
import { RegisterPage } from './register/RegisterPage.tsx';
import { VerifyPage } from './register/VerifyPage.tsx';
import { SignInPage } from './sign-in/SignInPage.tsx';

const inside = (page: ReactNode) => () => <SignedIn>{page}</SignedIn>;

const routes: readonly Route[] = [
  { path: '/', render: () => <Move to="/account" /> },
  { path: '/sign-in', render: () => <SignInPage /> },
  { path: '/register', render: () => <RegisterPage /> },
  { path: '/verify', render: () => <VerifyPage /> },
  { path: '/confirm-email', render: () => <ConfirmEmailPage /> },
  { path: '/forgot', render: () => <ForgotPage /> },
  { path: '/reset', render: () => <ResetPage /> },
  { path: '/keep', render: () => <KeepPage /> },
  { path: '/consent', render: inside(<ConsentPage />) },
  { path: '/account', render: inside(<ProfilePage />) },
  { path: '/account/password', render: inside(<PasswordPage />) },
  { path: '/account/passkeys', render: inside(<PasskeysPage />) },
  { path: '/account/two-factor', render: inside(<TwoFactorPage />) },
  { path: '/account/sessions', render: inside(<SessionsPage />) },
  { path: '/account/api-keys', render: inside(<ApiKeysPage />) },
  { path: '/account/privacy', render: inside(<PrivacyPage />) },
  { path: '/account/activity', render: inside(<ActivityPage />) },
  { path: '/admin/users', render: inside(<UsersPage />) },
  { path: '/admin/users/:id', render: ({ id = '' }) => <SignedIn>{<UserPage id={id} key={id} />}</SignedIn> },
  { path: '/admin/audit', render: inside(<AuditPage />) },
  { path: '*', render: () => <NoSuchPage /> },
];

export function Pages() {
  return <Routes routes={routes} />;
}

function Move({ to }: { readonly to: string }) {
  useEffect(() => navigate(to, { replace: true }), [to]);
  return null;
}

function NoSuchPage() {
  const { t } = useI18n();
  return (
    <Entry title={t('account.notFound.title')} lead={t('account.notFound.text')}>
      <a href="/account">{t('account.notFound.home')}</a>
    </Entry>
  );
}
