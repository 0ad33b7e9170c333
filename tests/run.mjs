// Builds the solution, runs the test projects one after the other (the quiet ones beside the scenes) and tells the sum.
// Usage: ./slipway test [ROOM …]      e.g. ./slipway test Model Gateway
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const results = join(root, 'artifacts', 'test-results');
const clients = join(root, 'artifacts', 'clients');
const rooms = [
  'Model', 'Store', 'Registry', 'Runtime', 'Control', 'Api', 'Gateway', 'Cli', 'Server', 'Simulation',
  'Sdk', 'Identity', 'TodoLanguage', 'TodoApi', 'TodoInsights', 'TodoMonitor', 'Eventing', 'Telemetry',
  'RetailCatalog', 'RetailInventory', 'RetailOrders', 'RetailPayments', 'RetailCart', 'TitanicApi', 'Pages', 'Web',
  'Repository', 'EndToEnd',
];
// The scenes mostly wait: for something to fall asleep, to be killed, to come back. What is light runs beside them.
const waiting = 'EndToEnd';
const quiet = ['Model', 'Store', 'Simulation', 'Eventing', 'RetailCart', 'Cli', 'Server', 'TodoLanguage', 'TodoInsights', 'TodoMonitor', 'Telemetry', 'Pages', 'Repository'];

// A room that has not ended by then hangs; its processes are ended and it counts as failed.
const limitMs = 15 * 60_000;

// More failures than this are not bad luck.
const unsteadyMax = 3;

const asked = process.argv.slice(2);
const unknown = asked.filter(name => !rooms.includes(name));
if (unknown.length > 0) {
  console.error(`slipway: there is no test room ${unknown.join(', ')}; known are ${rooms.join(', ')}`);
  process.exit(2);
}

const chosen = asked.length > 0 ? rooms.filter(name => asked.includes(name)) : rooms;

installClients();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

console.log('slipway: building the tests');
const build = spawnSync('dotnet', ['build', 'Slipway.slnx', '-c', 'Release', '--nologo', '-v', 'quiet'], { cwd: root, encoding: 'utf8' });
if (build.status !== 0) {
  const errors = [...new Set((build.stdout ?? '').split('\n').filter(line => /error/.test(line)))];
  console.log(errors.slice(0, 30).join('\n') || build.stderr);
  console.log('slipway: the build failed, so no test ran');
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const total = { passed: 0, failed: 0, skipped: 0 };
await runAll(chosen.filter(room => !quiet.includes(room) && room !== waiting));
await Promise.all([runAll(chosen.filter(room => room === waiting)), runAll(chosen.filter(room => quiet.includes(room)))]);

tellCoverage();
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function runAll(these) {
  for (const room of these) {
    const outcome = room === 'Pages' ? await runPages() : await steady(room, await run(room));
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
  }
}

/**
 * A few tests that failed are run once more, by themselves. One that passes then is unsteady: it is named, so that it gets
 * mended, and does not hide what the rest of the run says. One that fails twice has failed.
 */
async function steady(room, outcome) {
  if (outcome.failed === 0 || outcome.names.length !== outcome.failed || outcome.names.length > unsteadyMax) {
    return outcome;
  }

  console.log(`${room}: running ${outcome.names.length} again, alone`);
  const again = await run(room, outcome.names);
  if (again.failed > 0 || again.passed < new Set(outcome.names).size) {
    return outcome;
  }

  outcome.names.forEach(name => console.log(`  UNSTEADY ${name}: failed with the others, passed alone`));
  return { ...outcome, passed: outcome.passed + outcome.failed, failed: 0 };
}

async function run(room, only = []) {
  const began = process.hrtime.bigint();
  const folder = join(results, only.length > 0 ? `${room}-again` : room);
  const log = `${folder}.log`;
  mkdirSync(folder, { recursive: true });
  const args = ['test', `tests/${room}/Slipway.${room}.Tests.csproj`, '-c', 'Release', '--no-build', '--nologo', '--logger', 'trx;LogFileName=result.trx',
    '--results-directory', folder];
  if (only.length > 0) {
    args.push('--filter', only.map(name => `FullyQualifiedName=${name}`).join('|'));
  } else if (room !== 'EndToEnd' && room !== 'Repository') {
    args.push('--collect', 'Code Coverage;Format=cobertura');
  }

  const output = openSync(log, 'w');
  const child = spawn('dotnet', args, { cwd: root, stdio: ['ignore', output, output], detached: true, env: environment() });
  const ended = await new Promise(done => {
    const timer = setTimeout(() => {
      try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it ended just now */ }
      done({ code: null });
    }, limitMs);
    child.on('exit', code => { clearTimeout(timer); done({ code }); });
  });

  const seconds = Number((process.hrtime.bigint() - began) / 1_000_000_000n);
  const trx = join(folder, 'result.trx');
  if (!existsSync(trx)) {
    console.log(`${room}: ${ended.code === null ? `did not end within ${limitMs / 60_000} minutes` : 'wrote no result'}; its output is in ${relative(root, log)}`);
    console.log(readFileSync(log, 'utf8').split('\n').slice(-25).join('\n'));
    return { passed: 0, failed: 1, skipped: 0, names: [] };
  }

  const text = readFileSync(trx, 'utf8');
  const counter = name => Number(new RegExp(`<Counters[^>]* ${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
  const outcome = { passed: counter('passed'), failed: counter('failed') + counter('error') + counter('timeout') + counter('aborted'), skipped: 0, names: [] };
  for (const [, name, verdict, body] of text.matchAll(/<UnitTestResult [^>]*?testName="([^"]*)"[^>]*?outcome="(\w+)"[^>]*?(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g)) {
    if (verdict === 'NotExecuted') {
      outcome.skipped++;
      console.log(`  skipped ${plain(name)}: ${plain(/<Message>([\s\S]*?)<\/Message>/.exec(body ?? '')?.[1] ?? 'no reason given')}`);
    } else if (verdict !== 'Passed') {
      console.log(`  FAILED ${plain(name)}`);
      outcome.names.push(plain(name).split('(')[0]);
      console.log(plain(/<ErrorInfo>([\s\S]*?)<\/ErrorInfo>/.exec(body ?? '')?.[1] ?? '').replace(/^/gm, '    ').slice(0, 6000));
    }
  }

  // A crash of the test host after the last result would otherwise look like success.
  if (ended.code !== 0 && outcome.failed === 0) {
    outcome.failed = 1;
    console.log(`  FAILED ${room}: the test host ended with code ${ended.code}`);
    console.log(readFileSync(log, 'utf8').split('\n').slice(-25).join('\n'));
  }

  console.log(`${room}: ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped (${seconds} s)`);
  return outcome;
}

/** The unit tests of the web pages, counted from vitest's own report. */
async function runPages() {
  const began = process.hrtime.bigint();
  const web = join(root, 'web');
  const folder = join(results, 'Pages');
  mkdirSync(folder, { recursive: true });
  const report = join(folder, 'result.json');
  const log = join(results, 'Pages.log');
  const output = openSync(log, 'w');
  const steps = [
    ...(existsSync(join(web, 'node_modules', '.package-lock.json')) ? [] : [['npm', ['ci', '--no-audit', '--no-fund']]]),
    ['npm', ['run', 'types']],
    ['npm', ['run', 'lint']],
    ['npx', ['vitest', 'run', '--reporter=json', `--outputFile=${report}`]],
  ];
  let code = 0;
  for (const [program, args] of steps) {
    code = spawnSync(program, args, { cwd: web, stdio: ['ignore', output, output], timeout: limitMs }).status ?? 1;
    if (code !== 0) {
      break;
    }
  }

  const seconds = Number((process.hrtime.bigint() - began) / 1_000_000_000n);
  if (!existsSync(report)) {
    console.log(`  FAILED Pages: no result; its output is in ${relative(root, log)}`);
    console.log(readFileSync(log, 'utf8').split('\n').slice(-25).join('\n'));
    return { passed: 0, failed: 1, skipped: 0, names: [] };
  }

  const result = JSON.parse(readFileSync(report, 'utf8'));
  for (const test of result.testResults.flatMap(file => file.assertionResults).filter(test => test.status === 'failed')) {
    console.log(`  FAILED ${test.fullName}`);
    console.log((test.failureMessages ?? []).join('\n').replace(/^/gm, '    ').slice(0, 3000));
  }

  // A file that cannot be loaded has no tests that could fail.
  const broken = result.testResults.filter(file => file.status === 'failed' && file.assertionResults.every(test => test.status !== 'failed'));
  broken.forEach(file => console.log(`  FAILED ${relative(root, file.name)}: ${file.message}`));
  const outcome = { passed: result.numPassedTests, failed: result.numFailedTests + broken.length, skipped: result.numPendingTests + (result.numTodoTests ?? 0), names: [] };
  if (code !== 0 && outcome.failed === 0) {
    outcome.failed = 1;
    console.log(readFileSync(log, 'utf8').split('\n').slice(-25).join('\n'));
  }

  console.log(`Pages: ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped (${seconds} s)`);
  return outcome;
}

function plain(xml) {
  return xml.replace(/<[^>]+>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#xD;|&#xA;/g, '\n').replace(/&amp;/g, '&').trim();
}

/**
 * Run by root, the database and the instances are other users, who cannot pass through a closed folder on the way to the
 * checkout or to a private temporary folder. Then the system's open places are used instead.
 */
function environment() {
  const environment = { ...process.env, PATH: `${process.env.PATH}:${join(clients, 'usr', 'bin')}` };
  if (process.getuid?.() === 0) {
    if (!environment.SLIPWAY_TOOLS && !isOpen(root)) {
      environment.SLIPWAY_TOOLS = '/var/lib/slipway/tools';
    }

    if (!isOpen(tmpdir())) {
      environment.TMPDIR = '/tmp';
    }
  }

  return environment;
}

function isOpen(folder) {
  return (statSync(folder).mode & 0o001) !== 0 && (dirname(folder) === folder || isOpen(dirname(folder)));
}

/** Lines covered by any room's tests, over all lines of src/ and apps/. */
function tellCoverage() {
  const lines = new Map();
  for (const room of chosen) {
    for (const file of reports(join(results, room))) {
      const text = readFileSync(file, 'utf8');
      for (const [, name, body] of text.matchAll(/<class [^>]*?filename="([^"]+)"[^>]*>([\s\S]*?)<\/class>/g)) {
        const source = relative(root, name);
        if (!/^(src|apps)\//.test(source) || source.includes('/obj/')) {
          continue;
        }

        for (const [, number, hits] of body.matchAll(/<line number="(\d+)" hits="(\d+)"/g)) {
          const key = `${source}:${number}`;
          lines.set(key, lines.get(key) === true || Number(hits) > 0);
        }
      }
    }
  }

  if (lines.size > 0) {
    const covered = [...lines.values()].filter(Boolean).length;
    console.log(`coverage: ${(100 * covered / lines.size).toFixed(1)} % of ${lines.size} lines`);
  }
}

function reports(folder) {
  if (!existsSync(folder)) {
    return [];
  }

  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => entry.isDirectory()
    ? reports(join(folder, entry.name))
    : entry.name.endsWith('.cobertura.xml') ? [join(folder, entry.name)] : []);
}

/** Prometheus is compared with and its promtool judges our rules. Its package would start a server, so it is only unpacked. */
function unpackPrometheus() {
  if (spawnSync('sh', ['-c', 'command -v prometheus && command -v promtool || test -x "$0/usr/bin/prometheus"', clients]).status === 0
    || spawnSync('sh', ['-c', 'command -v apt-get && command -v dpkg']).status !== 0) {
    return;
  }

  console.log('slipway: fetching prometheus for the tests that compare with it');
  mkdirSync(clients, { recursive: true });
  const script = '{ apt-get download prometheus || { apt-get update -qq && apt-get download prometheus; }; } && dpkg -x prometheus_*.deb . && rm prometheus_*.deb';
  if (spawnSync('sh', ['-c', script], { cwd: clients, stdio: 'ignore', timeout: 300_000 }).status !== 0) {
    console.log('slipway: that did not work; those tests will say that they are skipped');
  }
}

/** Real clients that Debian carries make more scenes run; without them those scenes say that they are skipped. */
function installClients() {
  unpackPrometheus();
  const wanted = [
    ...(chosen.some(room => room === 'Registry' || room === 'EndToEnd') ? ['skopeo'] : []),
    ...(chosen.some(room => room === 'Web' || room === 'EndToEnd') ? ['chromium'] : []),
  ];
  const missing = wanted.filter(name => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  const mayInstall = process.getuid?.() === 0 && spawnSync('sh', ['-c', 'command -v apt-get']).status === 0;
  if (missing.length > 0 && mayInstall) {
    console.log(`slipway: installing ${missing.join(' ')} for the tests that use it`);
    const script = `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${missing.join(' ')}`;
    const installed = spawnSync('sh', ['-c', script], { stdio: 'ignore', timeout: 300_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    if (installed.status !== 0) {
      console.log('slipway: that did not work; those tests will say that they are skipped');
    }
  }
}
