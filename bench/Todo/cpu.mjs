import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second on every Linux there is. */
const TICK_MS = 10;

/**
 * The CPU time of an installation by part: gateway, each service, database, and the threads that hash passwords, which are counted
 * in their service too. `folder` is the installation's state folder, where it writes down which processes are its own.
 */
export class Cpu {
  #folder;

  constructor(folder) {
    this.#folder = folder;
  }

  /** What each process has spent since it began, as [part, milliseconds] by number; of the database, whose processes come and go, the sum. */
  read() {
    const processes = readProcesses();
    const roots = this.#roots();
    const spent = new Map([['loader', ['loader', ofProcess(process.pid)]]]);
    let database = 0;
    for (const { pid, comm, ticks, reaped } of processes.values()) {
      if (!descends(pid, roots, processes)) continue;
      const part = partOf(pid, comm);
      if (part === 'database') database += ticks + reaped;
      else spent.set(`${pid}`, [part, ticks * TICK_MS]);
      if (part === 'identity') spent.set(`hashing ${pid}`, ['hashing', hashing(pid)]);
    }

    return spent.set('database', ['database', database * TICK_MS]);
  }

  #roots() {
    const supervisor = JSON.parse(readFileSync(`${this.#folder}/supervisor.json`, 'utf8')).processId;
    const postmaster = Number(readFileSync(`${this.#folder}/postgres/server/data/postmaster.pid`, 'utf8').split('\n')[0]);
    return new Set([supervisor, postmaster]);
  }
}

/** { part: milliseconds } spent between two readings. */
export const between = (before, after) => {
  const spent = { hashing: 0 };
  for (const [number, [part, milliseconds]] of after) spent[part] = (spent[part] ?? 0) + milliseconds - (before.get(number)?.[1] ?? 0);
  return spent;
};

const readProcesses = () => {
  const processes = new Map();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const stat = Number.isInteger(pid) ? statOf(`/proc/${pid}/stat`) : null;
    if (stat) processes.set(pid, { pid, ...stat });
  }

  return processes;
};

/** `reaped` is the time of children that have ended. Null for what has ended since it was listed. */
const statOf = (path) => {
  try {
    const text = readFileSync(path, 'latin1');
    const end = text.lastIndexOf(')');
    const fields = text.slice(end + 2).split(' ');
    return { comm: text.slice(text.indexOf('(') + 1, end), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]), reaped: Number(fields[13]) + Number(fields[14]) };
  } catch {
    return null;
  }
};

const ofProcess = (pid) => (statOf(`/proc/${pid}/stat`)?.ticks ?? 0) * TICK_MS;

const descends = (pid, roots, processes) => {
  for (let at = processes.get(pid); at; at = processes.get(at.parent)) if (roots.has(at.pid)) return true;
  return false;
};

const partOf = (pid, comm) => {
  if (comm === 'postgres') return 'database';
  if (comm === 'slipwayd' || comm === 'slipway') return 'gateway';
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
    const program = words.find((word) => /\.dll$|^\/|^\.\//.test(word)) ?? comm;
    const name = program.split('/').at(-1).replace(/\.dll$/, '');
    return name === 'Slipway.Identity' ? 'identity' : name.toLowerCase().replace('.', '-');
  } catch {
    return comm;
  }
};

const hashing = (pid) => {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map((task) => statOf(`/proc/${pid}/task/${task}/stat`))
      .filter((stat) => stat?.comm.startsWith('hashing-'))
      .reduce((sum, stat) => sum + stat.ticks * TICK_MS, 0);
  } catch {
    return 0;
  }
};
