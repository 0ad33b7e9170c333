-- slipway: no-transaction
create index concurrently if not exists idx_todos_user_id on todos (user_id);
create index concurrently if not exists idx_todos_created_at on todos (created_at);
create index concurrently if not exists todos_user_position on todos (user_id, position, id) where deleted_at is null;
create index concurrently if not exists todos_user_created on todos (user_id, created_at, id) where deleted_at is null;
create index concurrently if not exists todos_user_due on todos (user_id, due_at, id) where deleted_at is null and not completed;
