import { afterEach, expect, test, vi } from 'vitest';
import { LiveConnection, readChange } from '../src/live/LiveConnection.ts';

class Source {
  static made: Source[] = [];
  readyState = 0;
  closed = false;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly heard = new Map<string, (event: { data: string }) => void>();
  constructor() {
    Source.made.push(this);
  }
  addEventListener(type: string, listener: (event: { data: string }) => void) {
    this.heard.set(type, listener);
  }
  close() {
    this.closed = true;
  }
}

afterEach(() => {
  Source.made = [];
  vi.useRealTimers();
});

function connect() {
  vi.useFakeTimers();
  const states: string[] = [];
  const changes: unknown[] = [];
  const live = new LiveConnection({
    url: '/events',
    types: ['todo'],
    open: () => new Source() as unknown as EventSource,
    random: () => 0.5,
    onState: (state, gap) => states.push(gap ? `${state} after a gap` : state),
    onChange: (type, change) => changes.push([type, change.id]),
  });
  live.start();
  return { live, states, changes, source: () => Source.made.at(-1) as Source };
}

test('changes arrive by type, and what is no change is ignored', () => {
  const { changes, source } = connect();
  source().heard.get('todo')?.({ data: '{"id":"t1","version":2}' });
  source().heard.get('todo')?.({ data: 'broken' });
  source().heard.get('todo')?.({ data: 'null' });
  expect(changes).toEqual([['todo', 't1']]);
  expect(readChange('[]')).toBeNull();
});

test('a break the browser repairs itself is no gap, since the stream is resumed', () => {
  const { states, source } = connect();
  source().onopen?.();
  source().onerror?.();
  source().onopen?.();
  expect(states).toEqual(['connecting', 'live', 'waiting', 'live']);
  expect(Source.made).toHaveLength(1);
});

test('a stream that ended for good is begun again with growing pauses, and says that something may be missing', () => {
  const { states, source } = connect();
  source().onopen?.();
  for (const pause of [1000, 2000, 4000]) {
    source().readyState = 2;
    source().onerror?.();
    const made = Source.made.length;
    vi.advanceTimersByTime(pause - 1);
    expect(Source.made).toHaveLength(made);
    vi.advanceTimersByTime(1);
    expect(Source.made).toHaveLength(made + 1);
  }
  source().onopen?.();
  expect(states.at(-1)).toBe('live after a gap');
});

test('a server that forgot where we were makes everything be read again', () => {
  const { states, source } = connect();
  source().onopen?.();
  source().heard.get('reset')?.({ data: '' });
  expect(states.at(-1)).toBe('live after a gap');
});

test('stopping closes the stream and forgets to come back', () => {
  const { live, source } = connect();
  source().readyState = 2;
  source().onerror?.();
  live.stop();
  vi.advanceTimersByTime(120_000);
  expect(Source.made).toHaveLength(1);
  expect(source().closed).toBe(true);
});
