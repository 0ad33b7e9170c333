-- slipway: no-transaction
create index concurrently if not exists idx_inventory_product on inventory (product_id);
create index concurrently if not exists idx_inventory_location on inventory (warehouse_location);
