-- slipway: no-transaction
create index concurrently if not exists idx_users_username on users using btree (username);
