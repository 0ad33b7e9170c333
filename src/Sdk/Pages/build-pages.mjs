// Builds one app of the web workspace and puts a compressed twin beside every text file of the result.
// Called by Pages.targets; by hand: node build-pages.mjs <web folder> <app>
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [web, app] = [resolve(process.argv[2]), process.argv[3]];
const folder = join(web, app);
const stamp = join(folder, 'dist', '.built');
// Outside of the sources, where a forgotten file could be committed; one lock for each checkout.
const lock = join(tmpdir(), `slipway-pages-${createHash('sha256').update(web).digest('hex').slice(0, 16)}.lock`);
const LOCK_PATIENCE_MS = 10 * 60_000;
const COMPRESSED = /\.(html|js|mjs|css|json|map|svg|txt|xml|webmanifest|wasm)$/;

function fail(message, output = '') {
  if (output) console.error(output.trim());
  console.error(`pages : error PAGES001: ${message}`);
  process.exitCode = 1;
}

function* files(at) {
  for (const entry of readdirSync(at, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue;
    const path = join(at, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

const modified = path => (existsSync(path) ? statSync(path).mtimeMs : 0);

function isFresh() {
  const built = modified(stamp);
  const sources = [folder, join(web, 'ui')].filter(existsSync).flatMap(at => [...files(at)]);
  const roots = ['package.json', 'package-lock.json', 'tsconfig.base.json'].map(name => join(web, name));
  return built > 0 && [...sources, ...roots].every(path => modified(path) <= built);
}

function npm(what, ...args) {
  try {
    execFileSync('npm', args, { cwd: web, stdio: 'pipe', maxBuffer: 64 * 1024 * 1024 });
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') fail('The command npm was not found. Install Node 20 or newer, or build with -p:BuildPages=false to leave the pages out.');
    else fail(`${what} failed.`, `${error.stdout ?? ''}\n${error.stderr ?? ''}`);
    return false;
  }
}

/** Two projects may be built at once, and npm does not share a folder with itself. */
async function takeLock() {
  const until = Date.now() + LOCK_PATIENCE_MS;
  for (;;) {
    try {
      const handle = openSync(lock, 'wx');
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return true;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (ownerIsGone()) rmSync(lock, { force: true });
    else if (Date.now() > until) return false;
    else await pause(200);
  }
}

function ownerIsGone() {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    // Empty between creating and writing: not stale unless it stays so.
    if (!owner) return Date.now() - modified(lock) > 5_000;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function compress(at) {
  for (const path of files(at)) {
    if (!COMPRESSED.test(path)) continue;
    const plain = readFileSync(path);
    if (plain.length < 256) continue;
    writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(plain, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
    }));
  }
}

function build() {
  // Not `npm ci`: it refuses a lock file that was written where the registry lacks optional parts for other platforms. With --no-save the
  // lock file decides here as well and is not touched.
  const installed = modified(join(web, 'node_modules', '.package-lock.json'));
  if (installed < modified(join(web, 'package-lock.json')) && !npm('npm install', 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error')) return;
  if (!npm(`Building web/${app}`, 'run', 'build', '-w', app, '--silent')) return;
  compress(join(folder, 'dist'));
  writeFileSync(stamp, '');
}

if (!existsSync(join(folder, 'package.json'))) fail(`There is no web app in ${folder}.`);
else if (!(await takeLock())) fail(`Another build has held ${lock} for ten minutes. Stop it, or delete the file.`);
else {
  try {
    if (!isFresh()) build();
  } finally {
    rmSync(lock, { force: true });
  }
}
