import { figures } from './load.mjs';
import { newAccount, newTodo, registration, signIn } from './scenes.mjs';
import { prepare, Wire } from './wire.mjs';

/** How often each task is chosen against the others, as the product's document has it. */
const tasks = [
  ['get_todos', 8],
  ['create_todo', 5],
  ['view_frontend', 3],
  ['update_todo', 3],
  ['complete_todo', 2],
  ['delete_todo', 1],
];

/** What a user who wants much of the processor does besides: proves the password again and asks for insights. */
const intensiveTasks = [...tasks, ['sign_in', 2], ['insights', 1]];

const classes = {
  TodoAppUser: { wait: [1000, 3000], tasks },
  CPUIntensiveUser: { wait: [100, 500], tasks: intensiveTasks },
};

/** [minutes, users] one after the other. `intensive` is the share of CPUIntensiveUser; the classes weigh three to two. */
const scenarios = {
  users: { steps: [[0.25, 200]], spawn: 10 },
  normal: { steps: [[10, 50]], spawn: 5 },
  stress: { steps: [[15, 200]], spawn: 10 },
  autoscaling: { steps: [[20, 100]], spawn: 5, intensive: 0.8 },
  steps: { steps: [[2, 50], [3, 100], [5, 200], [5, 150], [5, 50]], spawn: 10 },
};

/** The scenario by name, with what the caller wants otherwise; `minutes` stretches or shortens its steps. */
export const plan = ({ scenario, users, minutes, spawn, intensive }) => {
  const known = scenarios[scenario];
  if (!known) throw new Error(`There is no scenario "${scenario}"; there are ${Object.keys(scenarios).join(', ')}.`);
  const length = known.steps.reduce((sum, [length]) => sum + length, 0);
  const stretch = minutes ? minutes / length : 1;
  return {
    steps: known.steps.map(([length, count]) => ({ milliseconds: length * stretch * 60_000, users: users ?? count })),
    spawn: spawn ?? known.spawn,
    intensive: intensive ?? known.intensive ?? 0.4,
  };
};

/** Runs the plan; `tell` gets a line per step and minute. Answers the figures by task, and of each step. */
export const runMix = async (side, { steps, spawn, intensive }, tell) => {
  const seen = new Map();
  const crowd = [];
  const note = (task, milliseconds, status, ok) => {
    const entry = seen.get(task) ?? seen.set(task, { latencies: [], accepted: 0, failures: {} }).get(task);
    entry.latencies.push(milliseconds);
    if (ok) entry.accepted++;
    else entry.failures[status] = (entry.failures[status] ?? 0) + 1;
  };
  const began = performance.now();
  let born = 0;
  for (const { milliseconds, users } of steps) {
    const until = performance.now() + milliseconds;
    while (crowd.length > users) crowd.pop().leave();
    for (let minute = performance.now() + 60_000; performance.now() < until; ) {
      if (crowd.length < users) {
        // Evenly through the numbers, so that every part of the crowd has both kinds in their shares.
        const kind = Math.floor((born + 1) * intensive) > Math.floor(born * intensive) ? 'CPUIntensiveUser' : 'TodoAppUser';
        born++;
        crowd.push(new User(side, classes[kind], note));
      }

      await new Promise((done) => setTimeout(done, Math.max(1, Math.min(crowd.length < users ? 1000 / spawn : 250, until - performance.now()))));
      if (performance.now() >= minute) {
        minute += 60_000;
        tell(summary(seen, crowd.length, began));
      }
    }

    tell(summary(seen, crowd.length, began));
  }

  await Promise.all(crowd.map((user) => user.leave()));
  const seconds = (performance.now() - began) / 1000;
  return {
    seconds,
    tasks: [...seen].map(([task, entry]) => ({ task, ...figures(entry.latencies, entry.accepted, seconds), failures: entry.failures })),
  };
};

const summary = (seen, users, began) => {
  const requests = [...seen.values()].reduce((sum, entry) => sum + entry.latencies.length, 0);
  const failed = [...seen.values()].reduce((sum, entry) => sum + entry.latencies.length - entry.accepted, 0);
  return `  ${((performance.now() - began) / 60_000).toFixed(1)} min: ${users} users, ${requests} requests, ${failed} failed`;
};

/** One person with a browser's worth of connections, from registering until asked to leave. */
class User {
  #side;
  #kind;
  #note;
  #account = newAccount();
  #todos = [];
  #number = 0;
  #leaving = false;
  #awake = () => {};
  #life;
  #wires = new Map();

  constructor(side, kind, note) {
    [this.#side, this.#kind, this.#note] = [side, kind, note];
    this.#life = this.#live();
  }

  leave() {
    this.#leaving = true;
    this.#awake();
    return this.#life;
  }

  async #live() {
    while (!this.#leaving && !(await this.#ask('register', this.#side.auth, registration(this.#side, this.#account), 201))) await this.#wait();
    while (!this.#leaving && !(await this.#do('sign_in'))) await this.#wait();
    while (!this.#leaving) {
      await this.#do(chosen(this.#kind.tasks));
      await this.#wait();
    }

    for (const wire of this.#wires.values()) wire.close();
  }

  #do(task) {
    const side = this.#side;
    const todo = this.#todos[Math.floor(Math.random() * this.#todos.length)];
    switch (task) {
      case 'sign_in':
        return this.#ask(task, side.auth, signIn(side, this.#account), 200, (body) => (this.#account.token = body.token));
      case 'get_todos':
        return this.#call(task, 'GET', '/todos?page=1&pageSize=20', undefined, 200);
      case 'view_frontend':
        return this.#ask(task, side.page, prepare(side.page, 'GET', '/', { headers: { Accept: 'text/html' } }), 200);
      case 'insights':
        if (todo) {
          const body = { todos: this.#todos.slice(0, 20).map(analysed), timeZone: 'UTC' };
          return this.#ask(task, side.insights, prepare(side.insights, 'POST', '/api/v1/insights', { token: this.#account.token, body }), 200);
        }

        break;
      case 'update_todo':
        if (todo) return this.#call(task, 'PUT', `/todos/${todo.id}`, { ...newTodo(this.#number++), priority: 'high' }, 200);
        break;
      case 'complete_todo':
        if (todo) return this.#call(task, 'PATCH', `/todos/${todo.id}/complete`, { completed: true }, 200);
        break;
      case 'delete_todo':
        if (todo) {
          this.#todos.splice(this.#todos.indexOf(todo), 1);
          return this.#call(task, 'DELETE', `/todos/${todo.id}`, undefined, 204);
        }

        break;
    }

    // Somebody who has nothing to change makes something.
    return this.#call('create_todo', 'POST', '/todos', newTodo(this.#number++), 201, (body) => this.#todos.push(body));
  }

  #call(task, method, path, body, status, seen) {
    const { todos } = this.#side;
    return this.#ask(task, todos, prepare(todos, method, path, { token: this.#account.token, body }), status, seen);
  }

  async #ask(task, address, request, wanted, seen) {
    const wire = this.#wires.get(address) ?? this.#wires.set(address, new Wire(address)).get(address);
    const sent = performance.now();
    let status = 'broken';
    let ok = false;
    try {
      const answer = await wire.send(request);
      status = answer.status;
      ok = status === wanted;
      if (ok) seen?.(JSON.parse(answer.body));
    } catch {
      // Status and verdict say that the connection broke.
    }

    this.#note(task, performance.now() - sent, status, ok);
    return ok;
  }

  #wait() {
    const [least, most] = this.#kind.wait;
    return new Promise((done) => {
      const timer = setTimeout(done, least + Math.random() * (most - least));
      this.#awake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}

const chosen = (weighted) => {
  let at = Math.random() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  return weighted.find(([, weight]) => (at -= weight) < 0)[0];
};

const analysed = ({ id, title, description }) => ({ id, title, description: description ?? '' });
