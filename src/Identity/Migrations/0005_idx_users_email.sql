-- slipway: no-transaction
create index concurrently if not exists idx_users_email on users using btree (email);
