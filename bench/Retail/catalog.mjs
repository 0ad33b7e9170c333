// Latency of looking around in a large catalogue: lists, product pages, searches and suggestions, one call after the other per connection.
// Fill the catalogue first: dotnet Retail.Catalog.dll generate --count 100000
import http from 'node:http';

const base = new URL(process.env.CATALOG_URL ?? 'http://catalog.localhost:8080');
const dial = { host: process.env.DIAL_HOST ?? '127.0.0.1', port: Number(base.port || 80) };
const connections = Number(process.env.CONNECTIONS ?? 4);
const calls = Number(process.env.CALLS ?? 400);
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });

const words = ['teapot', 'lamp', 'notebook', 'speaker', 'jacket', 'blanket', 'bottle', 'skillet', 'helmet', 'kite', 'vase', 'clock', 'rug', 'scarf', 'charger', 'umbrella'];
const styles = ['alpine', 'nordic', 'compact', 'rustic', 'foldable', 'vintage', 'minimal', 'travel', 'winter', 'premium'];
const series = ['aster', 'birch', 'cedar', 'dune', 'ember', 'fjord', 'grove', 'harbor'];
const categories = ['kitchen', 'cookware', 'tableware', 'garden', 'outdoor', 'hiking', 'office', 'home', 'lighting', 'sports', 'toys', 'audio'];
const typos = ['tepot', 'notebok', 'speeker', 'jaket', 'blankett', 'skilet', 'umbrela', 'hedphones', 'chargr', 'lantren'];
const colors = ['black', 'white', 'sand', 'forest', 'ocean', 'rust'];
let seed = 7;
const chance = (n) => ((seed = (seed * 1103515245 + 12345) % 2147483648) >>> 12) % n; // the low bits repeat soon
const of = (list) => list[chance(list.length)];
const sku = () => `GEN-${String(1 + chance(100000)).padStart(7, '0')}`;

const scenes = {
  'browse, one category': () => `/api/v1/products?category=${of(categories)}&page=${1 + chance(5)}`,
  'browse, everything': () => `/api/v1/products?page=${1 + chance(20)}`,
  'browse, cheapest first': () => `/api/v1/products?category=${of(categories)}&sort=price&minPrice=${chance(100)}`,
  'product page': () => `/api/v1/products/sku/${sku()}`,
  'search, one word': () => `/api/v1/products/search?q=${of(words)}&page=${1 + chance(3)}`,
  'search, two words': () => `/api/v1/products/search?q=${of(styles)}+${of(words)}`,
  'search, three words': () => `/api/v1/products/search?q=${of(styles)}+${of(words)}+${of(series)}`,
  'search, misspelt': () => `/api/v1/products/search?q=${of(typos)}+${of(series)}`,
  'search, narrowed': () => `/api/v1/products/search?q=${of(words)}&attributes=color:${of(colors)}&maxPrice=${50 + chance(200)}`,
  'facets of a category': () => `/api/v1/products/search?category=${of(categories)}`,
  suggest: () => `/api/v1/products/suggest?q=${of(words).slice(0, 3 + chance(3))}`,
};

const get = (path) => new Promise((resolve, reject) => {
  const began = process.hrtime.bigint();
  const request = http.get({ ...dial, path, agent, headers: { host: base.host } }, (answer) => {
    let bytes = 0;
    answer.on('data', (part) => { bytes += part.length; });
    answer.on('end', () => resolve({ status: answer.statusCode, bytes, ms: Number(process.hrtime.bigint() - began) / 1e6 }));
  });
  request.setTimeout(30_000, () => request.destroy(new Error('no answer in 30 s')));
  request.on('error', reject);
});

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1).padStart(8);

console.log(`${calls} calls a scene over ${connections} connections to ${base.origin}`);
console.log(`${'scene'.padEnd(26)}${'p50 ms'.padStart(8)}${'p95 ms'.padStart(8)}${'p99 ms'.padStart(8)}  errors`);
let failed = 0;
for (const [name, path] of Object.entries(scenes)) {
  if (process.env.SCENE && !name.includes(process.env.SCENE)) continue;
  for (let warm = 0; warm < 20; warm++) await get(path());
  const times = [];
  let errors = 0;
  let left = calls;
  await Promise.all(Array.from({ length: connections }, async () => {
    while (left-- > 0) {
      const answer = await get(path());
      if (answer.status === 200) times.push(answer.ms);
      else errors++;
    }
  }));
  times.sort((a, b) => a - b);
  failed += errors;
  console.log(`${name.padEnd(26)}${at(times, 0.5)}${at(times, 0.95)}${at(times, 0.99)}  ${errors}`);
}
agent.destroy();
process.exitCode = failed > 0 ? 1 : 0;
