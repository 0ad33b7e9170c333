/** RFC 9457 with the product's additions; every failure of every service has this shape. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly instance?: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly retryable?: boolean;
  readonly errors?: readonly Finding[];
}

export interface Finding {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly code: string;
  readonly detail?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly etag: string | null = null,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }

  /** The stored version moved on while the caller was editing. */
  get isConflict(): boolean {
    return this.problem.status === 412;
  }

  /** Mistakes by the name of the body's member, for showing them beside their fields: `/due/date` → `due.date`. */
  get byField(): ReadonlyMap<string, Finding> {
    const fields = new Map<string, Finding>();
    for (const finding of this.problem.errors ?? []) {
      const field = (finding.pointer ?? finding.parameter ?? finding.header ?? '').replace(/^\//, '').replaceAll('/', '.');
      if (!fields.has(field)) fields.set(field, finding);
    }
    return fields;
  }
}

/** No answer arrived: the browser is offline, the connection broke, or the time was up. Nobody knows whether the server acted. */
export class NoAnswerError extends Error {
  constructor(
    readonly reason: 'network' | 'timeout',
    options?: ErrorOptions,
  ) {
    super(reason === 'timeout' ? 'The server took too long to answer.' : 'The server could not be reached.', options);
    this.name = 'NoAnswerError';
  }
}

export async function readProblem(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    try {
      const body: unknown = await response.json();
      if (isProblem(body)) return { ...body, status: response.status };
    } catch {
      // A cut-off body says less than the status line; fall through to that.
    }
  }
  const requestId = response.headers.get('x-request-id');
  return {
    type: 'about:blank',
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    code: codeOfStatus(response.status),
    ...(requestId ? { requestId } : {}),
  };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && 'title' in value;
}

function codeOfStatus(status: number): string {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'notFound';
  if (status === 412) return 'versionMismatch';
  if (status === 429) return 'rateLimited';
  return status >= 500 ? 'internal' : 'unexpected';
}
