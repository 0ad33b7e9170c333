import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { accounts } from './accounts.mjs';
import { migrate, pool } from './database.mjs';
import { settings } from './settings.mjs';
import { todos } from './todos.mjs';

const serve = () => {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ limit: '1mb' }));
  app.use(accounts);
  app.use(todos);
  app.use(express.static(fileURLToPath(new URL('./page', import.meta.url))));
  app.use((error, _request, response, _next) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }

    const status = error.status ?? 500;
    if (status >= 500) console.error(error);
    response.status(status).json({ code: status >= 500 ? 'internal' : 'unreadable', detail: status >= 500 ? 'something went wrong' : error.message });
  });

  const server = app.listen(settings.port, settings.host);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    server.close(async () => {
      await pool.end();
      process.exit(0);
    });
    server.closeAllConnections();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

if (settings.workers === 1) {
  await migrate();
  serve();
  console.log(`Listening on http://${settings.host}:${settings.port} with one process`);
} else if (cluster.isPrimary) {
  await migrate();
  await pool.end();
  for (let worker = 0; worker < settings.workers; worker++) cluster.fork();
  let listening = 0;
  cluster.on('listening', () => {
    if (++listening === settings.workers) console.log(`Listening on http://${settings.host}:${settings.port} with ${settings.workers} processes`);
  });
  const stop = () => {
    const workers = Object.values(cluster.workers);
    let left = workers.length;
    cluster.on('exit', () => {
      if (--left === 0) process.exit(0);
    });
    for (const worker of workers) worker.process.kill('SIGTERM');
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} else {
  serve();
}
