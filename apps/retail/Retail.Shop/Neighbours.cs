using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Pages;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Service;

namespace Retail.Shop;

/// <summary>Where the page's neighbours are, as browsers name them: a card goes to the provider, an account is kept at identity.</summary>
internal sealed record Neighbours(string PaymentProvider, string Accounts, [property: JsonIgnore] bool Secure)
{
    private const string Provider = "payment-sandbox";
    private const string Identity = "identity";

    public static void AddTo(SlipwayService service) => service.Services.AddSingleton(new Neighbours(
        Origin(service.Addresses.Public(Provider)), Origin(service.Addresses.Public(Identity)), service.Addresses.Public(ShopService.Name).Scheme == Uri.UriSchemeHttps));

    public static void Map(WebApplication app) =>
        app.MapGet("/settings.json", ([FromServices] Neighbours neighbours, HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=300";
                return Reply.Ok(neighbours, NeighboursJson.Default.Neighbours);
            })
            .WithName("shopSettings").WithSummary("Where the page finds the payment provider and the account pages.")
            .OpenToAll("The page reads it before anybody has signed in, and it names public addresses only.")
            .Produces<Neighbours>(200);

    /// <summary>The provider is the only other host that the page's scripts may call, with the card that nobody else may see.</summary>
    public static PagesOptions Pages(WebApplication app)
    {
        var neighbours = app.Services.GetRequiredService<Neighbours>();
        return new PagesOptions
        {
            ConnectSources = [neighbours.PaymentProvider],
            StrictTransport = neighbours.Secure,
            Reserved = [.. new PagesOptions().Reserved, "my", "store"],
            Routes = ["/products/*", "/cart", "/checkout", "/confirmation/*", "/orders", "/orders/*", "/account", "/vendor", "/vendor/*", "/admin", "/admin/*"],
        };
    }

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Neighbours))]
internal sealed partial class NeighboursJson : JsonSerializerContext;
