import { randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import { Router } from 'express';
import jwt from 'jsonwebtoken';
import { isDuplicate, pool } from './database.mjs';
import { settings } from './settings.mjs';

export const accounts = Router();

const shown = (row) => ({ id: row.id, email: row.email, username: row.username, firstName: row.first_name, lastName: row.last_name });

const tokenFor = (row) =>
  jwt.sign({ email: row.email, username: row.username }, settings.jwtSecret, { algorithm: 'HS256', subject: row.id, expiresIn: settings.tokenSeconds });

accounts.post('/auth/register', async (request, response) => {
  const { email, password, username = email, firstName = null, lastName = null } = request.body ?? {};
  if (typeof email !== 'string' || !email.includes('@') || typeof password !== 'string' || password.length < 8) {
    response.status(422).json({ code: 'invalid', detail: 'email and a password of at least 8 characters are needed' });
    return;
  }

  const hash = await bcrypt.hash(password, settings.bcryptRounds);
  try {
    const { rows } = await pool.query({
      name: 'register',
      text: `insert into users (id, email, username, password, first_name, last_name) values ($1, $2, $3, $4, $5, $6)
             returning id, email, username, first_name, last_name`,
      values: [randomUUID(), email.toLowerCase(), username, hash, firstName, lastName],
    });
    response.status(201).json({ token: tokenFor(rows[0]), expiresIn: settings.tokenSeconds, user: shown(rows[0]) });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    response.status(409).json({ code: 'duplicate', detail: 'the e-mail address or the user name is taken' });
  }
});

// Compared with when there is no such account, so that both answers take the same time.
const nobody = bcrypt.hashSync(randomUUID(), settings.bcryptRounds);

accounts.post('/auth/login', async (request, response) => {
  const { email, password } = request.body ?? {};
  if (typeof email !== 'string' || typeof password !== 'string') {
    response.status(422).json({ code: 'invalid', detail: 'email and password are needed' });
    return;
  }

  const { rows } = await pool.query({
    name: 'login',
    text: 'select id, email, username, password, first_name, last_name from users where email = $1 and is_active',
    values: [email.toLowerCase()],
  });
  const matches = await bcrypt.compare(password, rows[0]?.password ?? nobody);
  if (!rows[0] || !matches) {
    response.status(401).json({ code: 'badCredentials', detail: 'e-mail address or password is wrong' });
    return;
  }

  await pool.query({ name: 'loggedIn', text: 'update users set last_login_at = now(), login_count = login_count + 1 where id = $1', values: [rows[0].id] });
  response.json({ token: tokenFor(rows[0]), expiresIn: settings.tokenSeconds, user: shown(rows[0]) });
});

export const needsToken = (request, response, next) => {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  try {
    if (scheme !== 'Bearer') throw new Error('no bearer token');
    request.userId = jwt.verify(token, settings.jwtSecret, { algorithms: ['HS256'] }).sub;
  } catch {
    response.status(401).json({ code: 'unauthenticated', detail: 'send a valid token' });
    return;
  }

  next();
};
