import type { LiveChange } from '../contract/types.ts';

export type LiveState = 'connecting' | 'live' | 'waiting';

export interface LiveOptions {
  readonly url: string;
  readonly types: readonly string[];
  readonly onChange: (type: string, change: LiveChange) => void;
  /** Told each time the stream is up; `gap` when something may have been missed since it last was. */
  readonly onState: (state: LiveState, gap: boolean) => void;
  /** The stream ended for good, perhaps because nobody is signed in any more. */
  readonly onEnded?: () => void;
  readonly open?: (url: string) => EventSource;
  readonly random?: () => number;
}

/**
 * The browser resumes a broken stream by itself and tells the server the last event it saw. Only an answer that is no
 * stream (signed out, service restarting) ends it for good; then we come back with growing pauses.
 */
export class LiveConnection {
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #pauseMs = 1000;
  #wasLive = false;
  #began = false;

  constructor(readonly options: LiveOptions) {}

  start(): void {
    if (this.#source) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.options.onState('connecting', false);
    const source = (this.options.open ?? ((url) => new EventSource(url)))(this.options.url);
    this.#source = source;
    this.#began = true;
    source.onopen = () => {
      // The browser's own resuming names the last event it saw, so nothing is missed; a stream begun anew knows of nothing.
      const gap = this.#wasLive && this.#began;
      this.#wasLive = true;
      this.#began = false;
      this.#pauseMs = 1000;
      this.options.onState('live', gap);
    };
    source.onerror = () => {
      this.options.onState('waiting', false);
      if (source.readyState !== 2) return;
      this.options.onEnded?.();
      this.#comeBack();
    };
    // The server forgot where we were; everything shown has to be read again.
    source.addEventListener('reset', () => this.options.onState('live', true));
    for (const type of this.options.types) {
      source.addEventListener(type, (event) => {
        const change = readChange((event as MessageEvent<string>).data);
        if (change) this.options.onChange(type, change);
      });
    }
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#source?.close();
    this.#source = null;
  }

  #comeBack(): void {
    this.stop();
    const random = this.options.random ?? Math.random;
    this.#timer = setTimeout(() => this.start(), this.#pauseMs * (0.5 + random()));
    this.#pauseMs = Math.min(this.#pauseMs * 2, 60_000);
  }
}

export function readChange(data: string): LiveChange | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'id' in value ? (value as LiveChange) : null;
  } catch {
    return null;
  }
}
