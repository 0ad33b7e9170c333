import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { needsToken } from './accounts.mjs';
import { pool } from './database.mjs';

export const todos = Router();

const priorities = new Set(['low', 'medium', 'high']);

const shown = (row) => ({
  id: row.id,
  title: row.title,
  description: row.description,
  category: row.category,
  priority: row.priority,
  completed: row.completed,
  dueDate: row.due_date,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const columns = "id, title, description, category, priority, completed, to_char(due_date, 'YYYY-MM-DD') as due_date, created_at, updated_at";

todos.get('/todos', needsToken, async (request, response) => {
  const page = Math.max(1, Number.parseInt(request.query.page, 10) || 1);
  const pageSize = Math.min(100, Math.max(1, Number.parseInt(request.query.pageSize, 10) || 20));
  const [list, count] = await Promise.all([
    pool.query({
      name: 'list',
      text: `select ${columns} from todos where user_id = $1 order by created_at desc limit $2 offset $3`,
      values: [request.userId, pageSize, (page - 1) * pageSize],
    }),
    pool.query({ name: 'count', text: 'select count(*)::int as total from todos where user_id = $1', values: [request.userId] }),
  ]);
  response.json({ items: list.rows.map(shown), page, pageSize, total: count.rows[0].total });
});

todos.post('/todos', needsToken, async (request, response) => {
  const { title, description = null, category = null, priority = 'medium', dueDate = null } = request.body ?? {};
  if (typeof title !== 'string' || title.trim() === '' || title.length > 500 || !priorities.has(priority)) {
    response.status(422).json({ code: 'invalid', detail: 'a title and a known priority are needed' });
    return;
  }

  const { rows } = await pool.query({
    name: 'create',
    text: `insert into todos (id, user_id, title, description, category, priority, due_date) values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
    values: [randomUUID(), request.userId, title, description, category, priority, dueDate],
  });
  response.status(201).location(`/todos/${rows[0].id}`).json(shown(rows[0]));
});
