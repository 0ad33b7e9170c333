using System.Net;
using System.Text.Json;
using Slipway.Sdk.Database;
using Slipway.Sdk.Outbound;
using Slipway.Sdk.Problems;

namespace Retail.Cart.Products;

/// <summary>Finds a product: in the view that events keep, and in the catalogue itself for one that no event has told of yet.</summary>
internal sealed class ProductLookup(Database database, ServiceCalls calls)
{
    public async Task<Outcome<Sellable>> FindAsync(string skuOrProduct, CancellationToken cancellation)
    {
        var known = await database.ReadAsync((connection, token) => ProductView.FindAsync(connection, skuOrProduct, token), cancellation)
            ?? await AskAsync(skuOrProduct, cancellation);
        return known switch
        {
            null => Refused("unknownProduct", "There is no such product."),
            { Active: false } => Refused("notSold", $"{known.Name} is no longer sold."),
            _ => known,
        };
    }

    private async Task<Sellable?> AskAsync(string skuOrProduct, CancellationToken cancellation)
    {
        var options = calls.Usual with { Timeout = TimeSpan.FromSeconds(3), BytesMax = 1024 * 1024 };
        using var answer = await calls.Client("catalog", options).GetAsync(AddressOf(skuOrProduct), cancellation);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest)
        {
            return null;
        }

        if (!answer.IsSuccessStatusCode || await ReadAsync(answer, cancellation) is not { } told)
        {
            throw new ProblemException(Problem.Unavailable("catalogUnavailable", "The catalogue cannot say what this product costs at the moment.", TimeSpan.FromSeconds(2)));
        }

        if (CatalogAnswer.Read(told, skuOrProduct) is not var (product, isDefault))
        {
            return null;
        }

        await database.WriteAsync((transaction, token) => ProductView.RememberAsync(transaction, product, isDefault, token), cancellation);
        return product;
    }

    private static Uri AddressOf(string skuOrProduct) => Guid.TryParse(skuOrProduct, out var product)
        ? new Uri($"/api/v1/products/{product}", UriKind.Relative)
        : new Uri("/api/v1/products/sku/" + Uri.EscapeDataString(skuOrProduct), UriKind.Relative);

    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Problem Refused(string code, string detail) => Problem.Invalid([new Finding(code, detail) { Pointer = "/product_id" }]);
}
