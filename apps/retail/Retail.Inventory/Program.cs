using Retail.Inventory;

return await InventoryService.Create(args).RunAsync(InventoryService.Map);
