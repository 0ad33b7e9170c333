const text = (name, otherwise) => process.env[name] || otherwise;

const positive = (name, value) => {
  const number = Number(value);
  if (!(number > 0)) throw new Error(`${name} must be a number above zero, not "${value}".`);
  return number;
};

const number = (name, otherwise) => positive(name, text(name, otherwise));

/** Words that take a value; everything else on the command line is a mistake. */
const words = ['--users', '--minutes', '--spawn', '--intensive', '--scenario', '--save', '--compare'];

const argumentsOf = (line) => {
  const found = {};
  for (let at = 0; at < line.length; at += 2) {
    if (!words.includes(line[at]) || line[at + 1] === undefined) throw new Error(`"${line[at]}" is not understood; there are ${words.join(', ')}, each with a value.`);
    found[line[at].slice(2)] = line[at + 1];
  }

  return found;
};

/** Settings from the environment, and from the command line what differs from run to run. */
export const readOptions = (line) => {
  const given = argumentsOf(line);
  const when = (name, read) => (given[name] === undefined ? undefined : read(given[name]));
  return {
    connections: number('CONNECTIONS', 64),
    seconds: number('SECONDS', 5),
    rounds: number('ROUNDS', 3),
    people: number('PEOPLE', 8),
    chosen: text('SCENES', '').split(',').map((name) => name.trim()).filter(Boolean),
    authUrl: text('AUTH_URL', 'http://identity.localhost:8080'),
    todoUrl: text('TODO_URL', 'http://todo-api.localhost:8080'),
    pageUrl: text('PAGE_URL', 'http://todo.localhost:8080'),
    insightsUrl: text('INSIGHTS_URL', 'http://todo-insights.localhost:8080'),
    peerUrl: text('PEER_URL', null),
    peerDatabase: text('PEER_DATABASE_URL', null),
    peerPort: number('PEER_PORT', 3000),
    state: text('STATE', null),
    users: when('users', (value) => positive('--users', value)),
    minutes: when('minutes', (value) => positive('--minutes', value)),
    spawn: when('spawn', (value) => positive('--spawn', value)),
    intensive: when('intensive', (value) => positive('--intensive', value)),
    scenario: given.scenario ?? (given.users ? 'users' : null),
    save: given.save ?? null,
    compare: given.compare ?? null,
  };
};
