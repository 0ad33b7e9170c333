-- slipway: no-transaction
create index concurrently if not exists idx_cart_customer_id on carts (customer_id);
create index concurrently if not exists idx_cart_items_cart_id on cart_items (cart_id);
create index concurrently if not exists idx_cart_items_product_id on cart_items (product_id);
