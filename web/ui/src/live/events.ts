export type LiveState = 'connecting' | 'live' | 'waiting';

export interface LiveEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

export interface FollowOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onEvent: (event: LiveEvent) => void;
  /** `again` when the stream came back after a break: what was missed has to be read once more. */
  readonly onState?: (state: LiveState, again: boolean) => void;
  readonly fetch?: typeof fetch;
  readonly random?: () => number;
}

const pauseMin = 1000;
const pauseMax = 30_000;

/**
 * Follows a stream of server-sent events until it is told to stop. The browser's own EventSource cannot send the header that opens a
 * guest's order, so the stream is read here; like it, we come back after a break and say what we saw last.
 */
export function follow(options: FollowOptions): () => void {
  const stop = new AbortController();
  void run(options, stop.signal);
  return () => stop.abort();
}

async function run(options: FollowOptions, signal: AbortSignal): Promise<void> {
  const random = options.random ?? Math.random;
  let last = '';
  let pause = pauseMin;
  let wasLive = false;
  while (!signal.aborted) {
    options.onState?.('connecting', false);
    try {
      const response = await (options.fetch ?? fetch)(options.url, {
        headers: { ...options.headers, Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) },
        credentials: 'same-origin',
        cache: 'no-store',
        signal,
      });
      if (response.ok && response.body && (response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
        options.onState?.('live', wasLive);
        wasLive = true;
        pause = pauseMin;
        for await (const event of readEvents(response.body)) {
          if (signal.aborted) return;
          if (event.id) last = event.id;
          options.onEvent(event);
        }
      } else {
        await response.body?.cancel();
        // Gone, forbidden or never there: asking again every second would change nothing.
        if (response.status >= 400 && response.status < 500 && response.status !== 429) pause = pauseMax;
      }
    } catch {
      // A broken connection is what coming back is for.
    }
    if (signal.aborted) return;
    options.onState?.('waiting', false);
    await sleep(pause * (0.5 + random() / 2), signal);
    pause = Math.min(pause * 2, pauseMax);
  }
}

export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<LiveEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let waiting = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      waiting = (waiting + decoder.decode(value, { stream: true })).replaceAll('\r\n', '\n');
      for (let end = waiting.indexOf('\n\n'); end >= 0; end = waiting.indexOf('\n\n')) {
        const event = parseEvent(waiting.slice(0, end));
        waiting = waiting.slice(end + 2);
        if (event) yield event;
      }
      // Nobody sends events of a megabyte; whatever this is, it is not our stream.
      if (waiting.length > 1_000_000) return;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

export function parseEvent(block: string): LiveEvent | null {
  let id = '';
  let type = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'id') id = value;
    else if (name === 'event') type = value;
    else if (name === 'data') data.push(value);
  }
  if (data.length === 0) return null;
  try {
    return { id, type, data: JSON.parse(data.join('\n')) };
  } catch {
    return null;
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
