using Retail.Shop;

return await ShopService.Create(args).RunAsync(ShopService.Map);
