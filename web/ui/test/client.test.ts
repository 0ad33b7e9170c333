// @vitest-environment jsdom
import { describe, expect, test, vi } from 'vitest';
import { createApi, toETag, withQuery } from '../src/api/client.ts';
import { explain, explainFinding, traceOf } from '../src/api/explain.ts';
import { NoAnswerError, ProblemError } from '../src/api/problem.ts';
import { SessionHolder, signInUrl } from '../src/api/session.ts';

type Call = { url: string; method: string; headers: Headers; body: unknown };

function server(...answers: (Response | Error)[]) {
  const calls: Call[] = [];
  const waits: number[] = [];
  const fake: typeof fetch = async (url, init) => {
    calls.push({ url: String(url), method: init?.method ?? 'GET', headers: new Headers(init?.headers), body: init?.body });
    const answer = answers.shift();
    if (!answer) throw new Error('The server was asked more often than expected');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const options = { fetch: fake, wait: async (ms: number) => void waits.push(ms), random: () => 0.5 };
  return { calls, waits, options };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers },
  });
const problem = (status: number, code: string, headers = {}) =>
  json({ type: '/problems/x', title: 'T', status, code, traceId: 'abc' }, status, headers);

describe('a request', () => {
  test('carries version, idempotency key, language and the token of the session', async () => {
    const { calls, options } = server(json({ ok: true }, 200, { etag: '"8"' }));
    const api = createApi({ ...options, csrfToken: () => 'token', language: () => 'de' });
    const reply = await api.reply('/api/todo/todos/1', {
      method: 'PATCH',
      body: { title: 'x' },
      ifMatch: 7,
      idempotencyKey: 'key-12345',
    });
    expect(reply.etag).toBe('"8"');
    const { headers, body } = calls[0] ?? { headers: new Headers(), body: null };
    expect(Object.fromEntries(headers)).toMatchObject({
      'if-match': '"7"',
      'idempotency-key': 'key-12345',
      'x-csrf-token': 'token',
      'accept-language': 'de',
      'content-type': 'application/merge-patch+json',
    });
    expect(body).toBe('{"title":"x"}');
  });

  test('for reading carries no token', async () => {
    const { calls, options } = server(json({}));
    await createApi({ ...options, csrfToken: () => 'token' })('/x');
    expect(calls[0]?.headers.has('x-csrf-token')).toBe(false);
  });

  test('that is refused throws the problem with its version and its fields', async () => {
    const body = {
      type: '/problems/invalid',
      title: 'Invalid',
      status: 422,
      code: 'invalid',
      errors: [{ pointer: '/due/date', code: 'required' }],
    };
    const { options } = server(json(body, 422, { etag: '"9"' }));
    const error = await createApi(options)('/x', { method: 'POST', body: {} }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProblemError);
    const refused = error as ProblemError;
    expect([refused.code, refused.etag, refused.byField.get('due.date')?.code]).toEqual(['invalid', '"9"', 'required']);
  });

  test('answered by something else than a problem document still has a code', async () => {
    const { options } = server(new Response('<html>', { status: 404, headers: { 'x-request-id': 'req-1' } }));
    const error = (await createApi(options)('/x').catch((caught: unknown) => caught)) as ProblemError;
    expect([error.code, traceOf(error)]).toEqual(['notFound', 'req-1']);
  });
});

describe('a failed try', () => {
  test('of reading is repeated with growing pauses, and honours what the server asks for', async () => {
    const { calls, waits, options } = server(
      problem(503, 'busy'),
      problem(429, 'rateLimited', { 'retry-after': '2' }),
      json({ done: true }),
    );
    await expect(createApi(options)('/x')).resolves.toEqual({ done: true });
    expect(calls).toHaveLength(3);
    expect(waits).toEqual([200, 2000]);
  });

  test('of writing is repeated only under an idempotency key, and under the same one', async () => {
    const once = server(problem(503, 'busy'));
    await expect(createApi(once.options)('/x', { method: 'POST' })).rejects.toBeInstanceOf(ProblemError);
    const twice = server(new TypeError('broken'), json({}));
    await createApi(twice.options)('/x', { method: 'POST', idempotencyKey: 'key-12345' });
    expect(twice.calls.map((call) => call.headers.get('idempotency-key'))).toEqual(['key-12345', 'key-12345']);
  });

  test('is not repeated when the answer will stay the same or the wait would be long', async () => {
    for (const answer of [problem(422, 'invalid'), problem(404, 'notFound'), problem(503, 'down', { 'retry-after': '60' })]) {
      const { calls, options } = server(answer);
      await expect(createApi(options)('/x')).rejects.toBeInstanceOf(ProblemError);
      expect(calls).toHaveLength(1);
    }
  });

  test('without any answer is told apart from a refusal', async () => {
    const { options } = server(new TypeError('a'), new TypeError('b'), new TypeError('c'));
    await expect(createApi(options)('/x')).rejects.toMatchObject({ name: 'NoAnswerError', reason: 'network' });
  });
});

test('the end of a session is noticed', async () => {
  const { options } = server(problem(401, 'unauthenticated'));
  const ended = vi.fn();
  await createApi({ ...options, onUnauthenticated: ended })('/x').catch(() => {});
  expect(ended).toHaveBeenCalledOnce();
});

test('queries leave out what is empty', () => {
  expect(withQuery('/x', { a: 1, b: '', c: null, d: undefined, e: false, tags: ['u', 'v'], none: [] })).toBe('/x?a=1&e=false&tags=u%2Cv');
  expect(toETag(3)).toBe('"3"');
  expect(signInUrl('/lists/1?q=a b', 'register')).toBe('/session/sign-in?returnTo=%2Flists%2F1%3Fq%3Da+b&screen=register');
});

test('a session is told to everybody who listens', async () => {
  const holder = new SessionHolder();
  const heard = vi.fn();
  holder.subscribe(heard);
  const { options } = server(json({ authenticated: true, csrfToken: 'abc' }));
  await holder.load(createApi(options));
  expect([holder.csrfToken(), heard.mock.calls.length]).toEqual(['abc', 1]);
});

test('errors are explained in the words of the page, else in those of the server', () => {
  const i18n = {
    t: (key: string) => `<${key}>`,
    has: (key: string) => key === 'problem.known' || key === 'ui.finding.tooLong' || key === 'ui.error.network',
  };
  const of = (code: string) => new ProblemError({ type: 'x', title: 'Title', detail: 'Detail', status: 409, code });
  expect(explain(of('known'), i18n)).toBe('<problem.known>');
  expect(explain(of('strange'), i18n)).toBe('Detail');
  expect(explain(new NoAnswerError('network'), i18n)).toBe('<ui.error.network>');
  expect(explainFinding({ code: 'tooLong', args: { max: 5 } }, i18n)).toBe('<ui.finding.tooLong>');
  expect(explainFinding({ code: 'tooLong', detail: 'At most 5.' }, i18n)).toBe('At most 5.');
});
