import { describe, expect, test } from 'vitest';
import { chooseLocale, directionOf, Language } from '../src/i18n/catalogue.ts';
import { MessageSyntaxError, parseMessage } from '../src/i18n/message.ts';

const say = (message: string, values = {}, locale = 'en') =>
  new Language(locale, { [locale]: { key: message }, en: { key: message } }, 'en', 'Europe/Berlin').text('key', values);

describe('a message', () => {
  test('puts values where they belong', () => {
    expect(say('Hello {name}, {name}!', { name: 'Ann' })).toBe('Hello Ann, Ann!');
    expect(say('Nothing here: {missing}.')).toBe('Nothing here: .');
  });

  test('counts by the rules of its language', () => {
    const message = '{n, plural, =0 {none} one {one todo} other {# todos}}';
    expect([0, 1, 2, 1234].map((n) => say(message, { n }))).toEqual(['none', 'one todo', '2 todos', '1,234 todos']);
    expect(say('{n, plural, one {eine} other {#}}', { n: 1234 }, 'de')).toBe('1.234');
  });

  test('chooses by word and falls back to other', () => {
    const message = '{who, select, you {Yours} other {Theirs: {name}}}';
    expect(say(message, { who: 'you' })).toBe('Yours');
    expect(say(message, { who: 'x', name: 'Bob' })).toBe('Theirs: Bob');
  });

  test('formats numbers and days without moving them between time zones', () => {
    expect(say('{share, number, percent}', { share: 0.345 })).toBe('34.5%');
    expect(say('{day, day, medium}', { day: '2026-01-05' })).toBe('Jan 5, 2026');
    expect(say('{at, time}', { at: '2026-01-05T23:30:00Z' }, 'de')).toBe('00:30');
  });

  test('takes an apostrophe as it is and quotes braces with it', () => {
    expect(say("It's {n}", { n: 'here' })).toBe("It's here");
    expect(say("'{n}' is written {n}", { n: 'so' })).toBe('{n} is written so');
    expect(say("two '' are one")).toBe("two ' are one");
  });

  test('that is written wrongly says where', () => {
    expect(() => parseMessage('{n, plural, one {x}}')).toThrow(MessageSyntaxError);
    expect(() => parseMessage('{n')).toThrow(/at 2/);
    expect(() => parseMessage('a } b')).toThrow(MessageSyntaxError);
  });

  test('that is missing shows its key instead of breaking the page', () => {
    expect(new Language('en', { en: {} }).text('todo.absent')).toBe('todo.absent');
  });

  test('in the pseudo language is longer, accented and bracketed', () => {
    const text = new Language('en-XA', { en: { key: 'Save {n, plural, one {it} other {#}}' } }).text('key', { n: 1 });
    expect(text).toMatch(/^⟦Šáṽé îţ·+⟧$/);
  });
});

test('the language is the first wanted one that exists', () => {
  expect(chooseLocale(['fr-FR', 'de-AT', 'en'], ['en', 'de'], 'en')).toBe('de');
  expect(chooseLocale(['fr'], ['en', 'de'], 'en')).toBe('en');
  expect(chooseLocale(['ar-XB'], ['en', 'de'], 'en')).toBe('ar-XB');
  expect([directionOf('ar-XB'), directionOf('de')]).toEqual(['rtl', 'ltr']);
});
