using Retail.Cart;

return await CartService.Create(args).RunAsync(CartService.Map);
