import { Providers } from '@slipway/ui';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pages } from '../src/Pages.tsx';
import { SessionProvider } from '../src/page/Session.tsx';
import { de } from '../src/texts/de.ts';
import { en } from '../src/texts/en.ts';

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

const asked: { path: string; body: unknown }[] = [];
let answers: Record<string, (body: unknown) => Answer>;

beforeEach(() => {
  asked.length = 0;
  answers = { 'GET /api/v1/session': () => ({ body: { authenticated: false } }) };
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const body: unknown = init.body ? JSON.parse(String(init.body)) : undefined;
    asked.push({ path: `${init.method} ${path}`, body });
    const answer = answers[`${init.method} ${path}`]?.(body) ?? {
      status: 404,
      body: { code: 'notFound', title: 'Not found', status: 404 },
    };
    return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), {
      status: answer.status ?? 200,
      headers: answer.body === undefined ? {} : { 'Content-Type': 'application/json' },
    });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  window.history.replaceState(null, '', '/');
});

const open = (path: string) => {
  window.history.replaceState(null, '', path);
  render(
    <Providers catalogues={{ en, de }} locale="en" timeZone="UTC">
      <SessionProvider>
        <Pages />
      </SessionProvider>
    </Providers>,
  );
};

const type = async (label: string, value: string) => fireEvent.change(await screen.findByLabelText(label), { target: { value } });

describe('signing in', () => {
  it('says beside the fields what is missing and asks nobody', async () => {
    open('/sign-in');
    fireEvent.click(await screen.findByRole('button', { name: 'Sign in' }));
    expect(await screen.findAllByText('This field is needed.')).toHaveLength(2);
    expect(asked.filter((call) => call.path.startsWith('POST'))).toEqual([]);
  });

  it('keeps what was typed when the password is wrong', async () => {
    answers['POST /api/v1/session'] = () => ({ status: 401, body: { code: 'badCredentials', title: 'No', status: 401 } });
    open('/sign-in');
    await type('E-mail', 'ada@example.org');
    await type('Password', 'wrong horse');
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('E-mail or password is not right.')).toBeTruthy();
    expect((screen.getByLabelText('E-mail') as HTMLInputElement).value).toBe('ada@example.org');
  });

  it('asks for the code of an account with a second step, and takes a recovery code instead', async () => {
    answers['POST /api/v1/session'] = () => ({ body: { state: 'twoFactorRequired', challengeId: 'c-1' } });
    answers['POST /api/v1/session/two-factor'] = () => ({ body: { state: 'signedIn' } });
    open('/sign-in');
    await type('E-mail', 'ada@example.org');
    await type('Password', 'right horse');
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    await screen.findByRole('heading', { name: 'Second step' });
    fireEvent.click(screen.getByRole('button', { name: 'Use a recovery code instead' }));
    await type('Recovery code', 'ABCD-EFGH-IJKL-MNOP');
    fireEvent.click(screen.getByRole('button', { name: 'Continue' }));
    await waitFor(() =>
      expect(asked).toContainEqual({
        path: 'POST /api/v1/session/two-factor',
        body: { challengeId: 'c-1', recoveryCode: 'ABCD-EFGH-IJKL-MNOP' },
      }),
    );
  });
});

describe('registering', () => {
  it('needs the agreement, then says to look into the mail', async () => {
    answers['POST /api/v1/registrations'] = () => ({ status: 202 });
    open('/register');
    await type('E-mail', 'grace@example.org');
    await type('Password', 'unusual little words');
    fireEvent.click(screen.getByRole('button', { name: 'Create account' }));
    expect(await screen.findByText('Without this agreement we cannot keep an account for you.')).toBeTruthy();
    fireEvent.click(screen.getByLabelText(/I agree/));
    fireEvent.click(screen.getByRole('button', { name: 'Create account' }));
    expect(await screen.findByText(/We wrote to grace@example.org/)).toBeTruthy();
    expect(asked.at(-1)?.body).toMatchObject({ email: 'grace@example.org', gdprConsent: true, marketingConsent: false });
  });

  it('shows a mistake found by the service beside its field', async () => {
    answers['POST /api/v1/registrations'] = () => ({
      status: 422,
      body: {
        code: 'invalid',
        title: 'Some values are not valid',
        status: 422,
        errors: [{ pointer: '/password', code: 'wellKnown', detail: 'x' }],
      },
    });
    open('/register');
    await type('E-mail', 'grace@example.org');
    await type('Password', 'password1');
    fireEvent.click(screen.getByLabelText(/I agree/));
    fireEvent.click(screen.getByRole('button', { name: 'Create account' }));
    expect(await screen.findByText(/among the first that attackers try/)).toBeTruthy();
  });
});

describe('links of mails', () => {
  it('confirm the address once and take the token out of the address bar', async () => {
    answers['POST /api/v1/registrations/confirm'] = () => ({ status: 204 });
    open('/verify?token=one-time');
    expect(await screen.findByText('The address is confirmed. You can sign in now.')).toBeTruthy();
    expect(window.location.search).toBe('');
    expect(asked.filter((call) => call.path.endsWith('/confirm'))).toHaveLength(1);
  });

  it('say so when they are spent', async () => {
    answers['POST /api/v1/registrations/confirm'] = () => ({ status: 410, body: { code: 'linkSpent', title: 'Gone', status: 410 } });
    open('/verify?token=spent');
    expect(await screen.findByText(/does not work any more/)).toBeTruthy();
  });
});
