-- slipway: no-transaction
create index concurrently if not exists idx_users_active on users using btree (is_active) where is_active is true;
