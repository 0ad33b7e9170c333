import { performance } from 'node:perf_hooks';
import { Wire } from './wire.mjs';

/**
 * Closed loop: every connection sends its next request when it has the answer to the last one. Ends after `seconds`, or when
 * `next()` has no request left (null).
 */
export const load = async ({ address, connections, seconds, next, accept, seen }) => {
  const latencies = [];
  const statuses = new Map();
  let accepted = 0;
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const wire = new Wire(address);
      while (performance.now() < until) {
        const item = next();
        if (item === null) break;
        const sent = performance.now();
        let status = 0;
        try {
          const answer = await wire.send(item.request);
          status = answer.status;
          if (accept(status)) {
            accepted++;
            seen?.(item, answer);
          }
        } catch {
          // A broken connection is a failed request; status 0 stands for it.
        }

        latencies.push(performance.now() - sent);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }

      wire.close();
    }),
  );
  return { ...figures(latencies, accepted, (performance.now() - began) / 1000), statuses: Object.fromEntries(statuses) };
};

/** What a list of latencies says; only accepted answers count as throughput. */
export const figures = (latencies, accepted, seconds) => {
  const sorted = latencies.toSorted((one, other) => one - other);
  const at = (share) => (sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
  return {
    requests: sorted.length,
    accepted,
    perSecond: accepted / seconds,
    p50: at(0.5),
    p95: at(0.95),
    average: sorted.length === 0 ? Number.NaN : sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    success: sorted.length === 0 ? 0 : accepted / sorted.length,
  };
};

/** The round in the middle, judged by throughput. */
export const median = (rounds) => rounds.toSorted((one, other) => one.perSecond - other.perSecond)[Math.floor((rounds.length - 1) / 2)];
