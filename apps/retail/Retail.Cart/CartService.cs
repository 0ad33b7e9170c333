using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;

namespace Retail.Cart;

/// <summary>The service as a whole: what it consists of and where its endpoints are.</summary>
public static class CartService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("cart", args, options);
        service.UseDatabase(typeof(CartService).Assembly);
        service.UseCallers("retail");
        return service;
    }

    public static void Map(WebApplication app)
    {
    }
}
