import { randomBytes } from 'node:crypto';
import { load } from './load.mjs';
import { prepare, Wire } from './wire.mjs';

const password = 'Quiet-Harbour-47-Lamps';
const ok = (status) => status === 200;
const created = (status) => status === 201;

/**
 * `target` is what the product's document gives as its own figures after optimisation: what any answer of ours must beat. `aim` is what
 * is wanted of a machine with two cores and everything on it, the load included.
 */
export const scenes = [
  { name: 'register', target: { perSecond: 31, average: 3200, p95: 6100, success: 0.948 }, aim: { perSecond: 31 }, run: register },
  { name: 'login, distinct users', target: { perSecond: 47, average: 2100, p95: 4800, success: 0.952 }, aim: { perSecond: 47, p95: 500 }, run: loginOnce },
  { name: 'login, repeated', target: { perSecond: 47, average: 2100, p95: 4800, success: 0.952 }, aim: { perSecond: 1500 }, run: loginAgain },
  { name: 'GET todos', target: { perSecond: 89, average: 890, p95: 1800, success: 0.987 }, aim: { perSecond: 4000, p95: 50 }, run: list },
  { name: 'POST todos', target: { perSecond: 52, average: 1200, p95: 2400, success: 0.964 }, aim: { perSecond: 2000, p95: 50 }, run: create },
  { name: 'page shell', target: { perSecond: 156, average: 421, p95: 890, success: 0.991 }, aim: { perSecond: 5000 }, run: page },
];

/** One side of the comparison, with the accounts it has made so far. */
export class Side {
  constructor(name, { auth, todos, page, insights }) {
    Object.assign(this, { name, auth, todos, page, insights });
    this.fresh = [];
    this.regulars = [];
  }

  /** A few accounts with todos, for the scenes that need somebody signed in. */
  async furnish(people, todosEach) {
    const auth = new Wire(this.auth);
    const todos = new Wire(this.todos);
    for (let person = 0; person < people; person++) {
      const account = newAccount();
      await expect(await auth.send(registration(this, account)), 201, `${this.name}: register`);
      const login = await expect(await auth.send(signIn(this, account)), 200, `${this.name}: login`);
      account.token = JSON.parse(login.body).token;
      for (let i = 0; i < todosEach; i++) {
        await expect(await todos.send(prepare(this.todos, 'POST', '/todos', { token: account.token, body: newTodo(i) })), 201, `${this.name}: POST /todos`);
      }

      this.regulars.push(account);
    }

    auth.close();
    todos.close();
  }
}

function register(side, { connections, seconds }) {
  return load({
    address: side.auth,
    connections,
    seconds,
    accept: created,
    next: () => {
      const account = newAccount();
      return { account, request: registration(side, account) };
    },
    seen: ({ account }) => side.fresh.push(account),
  });
}

/** Every account that the registrations made signs in once and never again, so nothing about it can be remembered. */
function loginOnce(side, { connections, seconds, rounds }) {
  side.share ??= Math.ceil(side.fresh.length / rounds);
  const some = side.fresh.splice(0, side.share);
  return load({
    address: side.auth,
    connections,
    seconds,
    accept: ok,
    next: () => {
      const account = some.pop();
      return account ? { request: signIn(side, account) } : null;
    },
  });
}

function loginAgain(side, options) {
  const requests = side.regulars.map((account) => ({ request: signIn(side, account) }));
  return load({ ...options, address: side.auth, accept: ok, next: turns(requests) });
}

function list(side, options) {
  const requests = side.regulars.map(({ token }) => ({ request: prepare(side.todos, 'GET', '/todos?page=1&pageSize=20', { token }) }));
  return load({ ...options, address: side.todos, accept: ok, next: turns(requests) });
}

function create(side, options) {
  let number = 0;
  const next = turns(side.regulars);
  return load({
    ...options,
    address: side.todos,
    accept: created,
    next: () => ({ request: prepare(side.todos, 'POST', '/todos', { token: next().token, body: newTodo(number++) }) }),
  });
}

function page(side, options) {
  const item = { request: prepare(side.page, 'GET', '/', { headers: { Accept: 'text/html' } }) };
  return load({ ...options, address: side.page, accept: ok, next: () => item });
}

const turns = (items) => {
  let at = 0;
  return () => items[at++ % items.length];
};

export const newAccount = () => {
  const id = randomBytes(9).toString('hex');
  return { email: `bench-${id}@example.test`, username: `bench-${id}`, password };
};

export const registration = (side, account) => prepare(side.auth, 'POST', '/auth/register', { body: { ...account, firstName: 'Bench', lastName: 'Person' } });

export const signIn = (side, { email, password: secret }) => prepare(side.auth, 'POST', '/auth/login', { body: { email, password: secret } });

export const newTodo = (number) => ({ title: `Water plant ${number}`, description: 'The one by the window', category: 'home', priority: 'medium', dueDate: '2030-05-01' });

const expect = (answer, status, what) => {
  if (answer.status !== status) throw new Error(`${what}: expected ${status}, got ${answer.status}: ${answer.body.toString().slice(0, 500)}`);
  return answer;
};
