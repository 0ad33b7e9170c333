-- slipway: no-transaction
create index concurrently if not exists idx_users_role on users using btree (role);
