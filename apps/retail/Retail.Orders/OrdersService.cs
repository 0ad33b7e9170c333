using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;

namespace Retail.Orders;

/// <summary>The service as a whole: what it consists of and where its endpoints are.</summary>
public static class OrdersService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("orders", args, options);
        service.UseDatabase(typeof(OrdersService).Assembly);
        service.UseCallers("retail");
        return service;
    }

    public static void Map(WebApplication app)
    {
    }
}
