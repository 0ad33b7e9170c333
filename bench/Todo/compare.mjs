import { cost, ms, share } from './table.mjs';

/** What the product's document says about itself before and after its optimisation, where it says so. */
const claimed = {
  register: { success: ['2.3 %', '94.8 %'], average: ['67,000', '3,200'], perSecond: ['–', '31'] },
  'login, distinct users': { success: ['0.8 %', '95.2 %'], average: ['89,000', '2,100'], perSecond: ['12', '47'], hash: ['400', '160'], hashShare: ['85 %', '34 %'] },
  'login, repeated': { average: ['1,800', '300'] },
};

/** Two runs of the scenes beside the document's own figures; the first run is of the baseline profile. */
export const comparison = (before, after) => {
  const rows = [['scene', 'figure', 'before', 'after', 'factor', 'document before', 'after']];
  for (const [scene, now] of Object.entries(after)) {
    const then = before[scene];
    if (!then) continue;
    const lines = [
      ['requests', then.requests, now.requests, String],
      ['perSecond', then.perSecond, now.perSecond, (value) => value.toFixed(1)],
      ['success', then.success, now.success, share],
      ['average', then.average, now.average, ms],
      ['p95', then.p95, now.p95, ms],
    ];
    const [earlier, later] = [cost(then), cost(now)];
    if (earlier && later) {
      lines.push(['total', earlier.total, later.total, (value) => value.toFixed(3)]);
      if (later.hash >= 0.5 || earlier.hash >= 0.5) lines.push(['hash', earlier.hash, later.hash, ms], ['hashShare', earlier.hashShare, later.hashShare, share]);
    }

    for (const [figure, one, other, text] of lines) {
      const [claimedBefore, claimedAfter] = claimed[scene]?.[figure] ?? ['–', '–'];
      rows.push([scene, names[figure], text(one), text(other), one > 0 ? (other / one).toFixed(2) : '–', claimedBefore, claimedAfter]);
    }
  }

  return rows;
};

const names = {
  requests: 'requests',
  perSecond: 'accepted a second',
  success: 'success',
  average: 'average ms',
  p95: 'p95 ms',
  total: 'CPU ms an answer',
  hash: 'of it the hash, ms',
  hashShare: 'share of the hash',
};
