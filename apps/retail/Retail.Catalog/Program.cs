using Retail.Catalog;

return await CatalogService.Create(args).RunAsync(CatalogService.Map);
