using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Catalog.Products;

/// <summary>
/// A product as it is read also tells of its stock, which changes without the product being changed. So the tag of a read has two
/// numbers, and whoever changes the product is only asked for the first.
/// </summary>
internal static class ProductTags
{
    public static string Of(Product product) => product.StockVersion == 0
        ? Versions.ETag(product.Version)
        : string.Create(CultureInfo.InvariantCulture, $"\"{product.Version}-{product.StockVersion}\"");

    /// <summary>428 without a version, 412 with another one.</summary>
    public static Problem? RequireMatch(HttpRequest request, Product product)
    {
        var refused = Versions.RequireMatch(request, product.Version);
        if (refused is not { Status: StatusCodes.Status412PreconditionFailed })
        {
            return refused;
        }

        var mine = string.Create(CultureInfo.InvariantCulture, $"\"{product.Version}-");
        var sent = request.Headers.IfMatch.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries));
        return sent.Any(tag => tag.StartsWith(mine, StringComparison.Ordinal)) ? null : refused;
    }
}
