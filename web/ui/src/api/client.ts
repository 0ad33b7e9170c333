import { NoAnswerError, ProblemError, readProblem } from './problem.ts';

export type QueryValue = string | number | boolean | null | undefined;

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, QueryValue | readonly string[]>>;
  /** Sent as JSON; a string or Blob is sent as it is under `contentType`. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** The version this change was made from; a number or an ETag as it arrived. */
  readonly ifMatch?: number | string;
  /** `*` makes a creation fail when the proposed id exists already. */
  readonly ifNoneMatch?: string;
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiReply<T> {
  readonly status: number;
  readonly body: T;
  readonly etag: string | null;
  readonly headers: Headers;
}

export interface ApiOptions {
  /** Read for every state-changing request, so that a new session's token is used at once. */
  readonly csrfToken?: () => string | null;
  /** Called when the server says that nobody is signed in any more. */
  readonly onUnauthenticated?: () => void;
  readonly language?: () => string;
  readonly fetch?: typeof fetch;
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly random?: () => number;
  readonly triesMax?: number;
}

export interface Api {
  <T = unknown>(path: string, request?: ApiRequest): Promise<T>;
  /** The same with status, version and headers. */
  reply<T = unknown>(path: string, request?: ApiRequest): Promise<ApiReply<T>>;
}

const retryable = new Set([429, 502, 503, 504]);

export function createApi(options: ApiOptions = {}): Api {
  const triesMax = options.triesMax ?? 3;
  const wait = options.wait ?? pause;
  const random = options.random ?? Math.random;

  async function reply<T>(path: string, request: ApiRequest = {}): Promise<ApiReply<T>> {
    // Only a request that may arrive twice without harm is sent twice.
    const repeatable = (request.method ?? 'GET') === 'GET' || request.idempotencyKey !== undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        return await once<T>(path, request, options);
      } catch (error) {
        if (!repeatable || attempt >= triesMax || !mayRetry(error) || request.signal?.aborted) throw error;
        const backoff = 200 * 2 ** (attempt - 1) * (0.5 + random());
        const asked = error instanceof ProblemError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
        // Nobody watches a spinner for minutes; a long Retry-After is told to the reader instead.
        if (asked > 5000) throw error;
        await wait(Math.max(backoff, asked), request.signal);
      }
    }
  }

  const call = async <T>(path: string, request?: ApiRequest) => (await reply<T>(path, request)).body;
  return Object.assign(call, { reply }) as Api;
}

async function once<T>(path: string, request: ApiRequest, options: ApiOptions): Promise<ApiReply<T>> {
  const method = request.method ?? 'GET';
  const limit = AbortSignal.timeout(request.timeoutMs ?? 15_000);
  const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
  const { body, contentType } = encodeBody(request);
  const headers = new Headers(request.headers);
  headers.set('Accept', request.accept ?? 'application/json');
  if (contentType) headers.set('Content-Type', contentType);
  if (options.language) headers.set('Accept-Language', options.language());
  if (request.ifMatch !== undefined) headers.set('If-Match', toETag(request.ifMatch));
  if (request.ifNoneMatch !== undefined) headers.set('If-None-Match', request.ifNoneMatch);
  if (request.idempotencyKey !== undefined) headers.set('Idempotency-Key', request.idempotencyKey);
  const token = method === 'GET' ? null : options.csrfToken?.();
  if (token) headers.set('X-Csrf-Token', token);

  let response: Response;
  try {
    const send = options.fetch ?? fetch;
    response = await send(withQuery(path, request.query), {
      method,
      headers,
      body,
      signal,
      credentials: 'same-origin',
      redirect: 'error',
    });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new NoAnswerError(limit.aborted ? 'timeout' : 'network', { cause: error });
  }

  if (!response.ok && response.status !== 304) {
    const problem = await readProblem(response);
    if (response.status === 401) options.onUnauthenticated?.();
    throw new ProblemError(problem, response.headers.get('etag'), readRetryAfter(response));
  }
  return { status: response.status, body: await decodeBody<T>(response), etag: response.headers.get('etag'), headers: response.headers };
}

export function withQuery(path: string, query: ApiRequest['query']): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (Array.isArray(value)) {
      if (value.length > 0) search.set(name, value.join(','));
    } else if (value !== null && value !== undefined && value !== '') {
      search.set(name, String(value));
    }
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export function toETag(version: number | string): string {
  return typeof version === 'number' ? `"${version}"` : version;
}

function encodeBody(request: ApiRequest): { body: BodyInit | undefined; contentType: string | undefined } {
  if (request.body === undefined) return { body: undefined, contentType: undefined };
  if (typeof request.body === 'string' || request.body instanceof Blob) return { body: request.body, contentType: request.contentType };
  const json = request.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return { body: JSON.stringify(request.body), contentType: request.contentType ?? json };
}

async function decodeBody<T>(response: Response): Promise<T> {
  if (response.status === 204 || response.status === 304) return undefined as T;
  if ((response.headers.get('content-type') ?? '').includes('json')) {
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw new NoAnswerError('network', { cause: error });
    }
  }
  return (await response.text()) as T;
}

function mayRetry(error: unknown): boolean {
  if (error instanceof NoAnswerError) return error.reason === 'network' && navigator.onLine;
  return error instanceof ProblemError && retryable.has(error.status);
}

function readRetryAfter(response: Response): number | null {
  const text = response.headers.get('retry-after');
  if (!text) return null;
  const seconds = Number(text);
  return Number.isFinite(seconds) ? seconds : null;
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
