using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Database;
using Slipway.Sdk.Pages;
using Slipway.Sdk.Service;
using Slipway.Sdk.Sessions;
using SessionOptions = Slipway.Sdk.Sessions.SessionOptions;

namespace Retail.Shop;

/// <summary>The storefront's address: its page, the browser's session, and the services behind it for whoever is signed in.</summary>
public static class ShopService
{
    public const string Name = "shop";

    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create(Name, args, options);
        service.UseDatabase(typeof(ShopService).Assembly);
        service.UseBrowserSessions(new SessionOptions
        {
            ClientId = "shop",
            Scopes = "openid profile email retail.products:read retail.products:write retail.inventory:read retail.inventory:write retail.orders:read retail.orders:write retail.payments:read retail.payments:write retail.carts:read retail.carts:write",
            Audience = "retail",
        });
        return service;
    }

    public static void Map(WebApplication app)
    {
        app.MapBrowserSessions();
        app.MapSessionProxy("/my/catalog", "catalog", "/api/v1");
        app.MapSessionProxy("/my/inventory", "inventory", "/api/v1");
        app.MapSessionProxy("/my/orders", "orders", "/api/v1");
        app.MapSessionProxy("/my/payments", "payments", "/api/v1");
        app.MapSessionProxy("/my/cart", "cart", "/api/v1");
        app.MapPages("pages/shop");
    }
}
