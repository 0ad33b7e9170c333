import { afterEach, describe, expect, it } from 'vitest';
import {
  forgetContinuation,
  rememberContinuation,
  rememberedContinuation,
  safeContinuation,
  withContinuation,
} from '../src/wire/continuation.ts';

const here = 'http://identity.localhost:8080';

describe('where a sign-in leads', () => {
  it.each([
    ['/oauth2/authorize?client_id=todo&state=a%2Fb', '/oauth2/authorize?client_id=todo&state=a%2Fb'],
    ['/account/privacy', '/account/privacy'],
    ['/', '/'],
  ])('follows %s, which is on this host', (given, followed) => {
    expect(safeContinuation(given, here)).toBe(followed);
  });

  it.each([
    null,
    '',
    'account',
    'https://evil.example/',
    '//evil.example/',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\tevil',
    '/a\n//evil.example',
    'javascript:alert(1)',
    'data:text/html,hi',
    ' /account',
  ])('does not follow %j', (given) => {
    expect(safeContinuation(given, here)).toBeNull();
  });

  it('travels in the address as one parameter', () => {
    expect(withContinuation('/register', '/oauth2/authorize?a=1&b=2')).toBe('/register?continue=%2Foauth2%2Fauthorize%3Fa%3D1%26b%3D2');
    expect(withContinuation('/register', null)).toBe('/register');
  });
});

describe('what the tab of the mail link knows', () => {
  afterEach(forgetContinuation);

  it('is kept for an hour', () => {
    rememberContinuation('/oauth2/authorize?x=1', 1_000);
    expect(rememberedContinuation(1_000 + 59 * 60_000)).toBe('/oauth2/authorize?x=1');
    expect(rememberedContinuation(1_000 + 61 * 60_000)).toBeNull();
  });

  it('is checked again when it is read, because other pages of this host may have written it', () => {
    localStorage.setItem('slipway.continue', JSON.stringify({ to: 'https://evil.example', until: 9e15 }));
    expect(rememberedContinuation()).toBeNull();
    localStorage.setItem('slipway.continue', '{');
    expect(rememberedContinuation()).toBeNull();
  });
});
