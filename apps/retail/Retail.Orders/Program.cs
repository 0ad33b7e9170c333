using Retail.Orders;

return await OrdersService.Create(args).RunAsync(OrdersService.Map);
