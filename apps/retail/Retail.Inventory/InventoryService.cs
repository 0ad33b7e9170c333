using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;

namespace Retail.Inventory;

/// <summary>The service as a whole: what it consists of and where its endpoints are.</summary>
public static class InventoryService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("inventory", args, options);
        service.UseDatabase(typeof(InventoryService).Assembly);
        service.UseCallers("retail");
        return service;
    }

    public static void Map(WebApplication app)
    {
    }
}
