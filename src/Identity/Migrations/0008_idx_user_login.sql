-- slipway: no-transaction
create index concurrently if not exists idx_user_login on users using btree (email, password) where is_active is true;
