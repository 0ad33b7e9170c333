// Titanic's read calls through the gateway, with wrk for throughput and one connection after the other for the search.
// Needs an installation that runs: ./slipway up -d, then fill the list (see README.md).
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const base = new URL(process.env.TITANIC_URL ?? 'http://titanic.localhost:8080');
const dial = `http://127.0.0.1:${base.port || 80}`;
const seconds = Number(process.env.SECONDS ?? 5);
const rounds = Number(process.env.ROUNDS ?? 3);
const connections = 64;
const aims = { one: 6000, page: 3000, cached: 10000 };

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const milliseconds = (text, unit) => Number(text) * { us: 0.001, ms: 1, s: 1000 }[unit];

function load(scene, duration) {
  const ran = spawnSync('wrk', ['--latency', '-t', '2', '-c', String(connections), '-d', `${duration}s`, '-s', join(here, 'requests.lua'), dial, '--', String(process.hrtime.bigint() % 100000n)],
    { encoding: 'utf8', env: { ...process.env, SCENE: scene, HOST_NAME: base.host } });
  if (ran.status !== 0) throw new Error(ran.error?.message ?? ran.stderr);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(ran.stdout)[1]);
  const [, slow, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(ran.stdout);
  const failed = /Non-2xx or 3xx responses: (\d+)|Socket errors: .*/.exec(ran.stdout)?.[0] ?? '';
  const latencies = Object.fromEntries([...ran.stdout.matchAll(/(50|75|90|99)%\s+([\d.]+)(us|ms|s)/g)].map(([, share, text, of]) => [share, milliseconds(text, of)]));
  return { rate, p50: latencies[50], p90: latencies[90], p99: milliseconds(slow, unit), failed };
}

console.log(`${connections} connections to ${base.origin}, median of ${rounds} rounds of ${seconds} s`);
console.log(`${'scene'.padEnd(10)}${'req/s'.padStart(9)}${'aim'.padStart(8)}${'of aim'.padStart(8)}${'p50 ms'.padStart(9)}${'p90 ms'.padStart(9)}${'p99 ms'.padStart(9)}  failures`);
for (const scene of Object.keys(aims)) {
  load(scene, 3);
  const results = Array.from({ length: rounds }, () => load(scene, seconds));
  const of = (name) => median(results.map((result) => result[name]));
  console.log(`${scene.padEnd(10)}${of('rate').toFixed(0).padStart(9)}${String(aims[scene]).padStart(8)}${(of('rate') / aims[scene]).toFixed(2).padStart(8)}`
    + `${of('p50').toFixed(1).padStart(9)}${of('p90').toFixed(1).padStart(9)}${of('p99').toFixed(1).padStart(9)}  ${results.map((result) => result.failed).find(Boolean) ?? 'none'}`);
}

// Names as the list has them, with a letter doubled or left out: what people type.
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const get = (path) => new Promise((resolve, reject) => {
  const began = process.hrtime.bigint();
  http.get({ host: '127.0.0.1', port: base.port || 80, path, agent, headers: { host: base.host } }, (answer) => {
    const parts = [];
    answer.on('data', (part) => parts.push(part));
    answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(parts), ms: Number(process.hrtime.bigint() - began) / 1e6 }));
  }).on('error', reject);
});
const listed = JSON.parse((await get('/api/v1/people?limit=200')).body);
const words = listed.items.map((person) => person.name.split(/[ ,]/)[0]).filter((word) => word.length >= 5);
const times = [];
let wrong = 0;
for (const [at, word] of words.entries()) {
  const middle = 2 + (at % (word.length - 3));
  const typed = at % 2 === 0 ? word.slice(0, middle) + word[middle] + word.slice(middle) : word.slice(0, middle) + word.slice(middle + 1);
  const found = await get(`/api/v1/people/search?q=${encodeURIComponent(typed)}&fuzzy=true&limit=20`);
  if (found.status !== 200 || JSON.parse(found.body).items.length === 0) wrong++;
  times.push(found.ms);
}
agent.destroy();
times.sort((a, b) => a - b);
const at = (share) => times[Math.floor((times.length - 1) * share)].toFixed(1);
console.log(`fuzzy search, ${times.length} misspelt names one after the other: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (aim 30), found nothing ${wrong}`);
