using System.Text.Json;
using Retail.Contracts;
using Slipway.Sdk.Messaging;

namespace Retail.Catalog.Products;

/// <summary>What other services are told. Each event carries the whole product, so one that was missed is made good by the next.</summary>
internal static class ProductFacts
{
    public static OutgoingEvent Created(Product product) => Changed(EventTypes.ProductCreated, product);

    public static OutgoingEvent Updated(Product product) => Changed(EventTypes.ProductUpdated, product);

    public static OutgoingEvent Deleted(Product product) => new()
    {
        Topic = Topics.Products,
        Type = EventTypes.ProductDeleted,
        Subject = product.Id.ToString(),
        Sequence = product.Version,
        Data = JsonSerializer.SerializeToNode(
            new ProductDeleted(product.Id, product.Version, [.. product.Content.Variants.Select(variant => variant.Sku)]), ContractsJson.Default.ProductDeleted)!.AsObject(),
    };

    private static OutgoingEvent Changed(string type, Product product) => new()
    {
        Topic = Topics.Products,
        Type = type,
        Subject = product.Id.ToString(),
        Sequence = product.Version,
        Data = JsonSerializer.SerializeToNode(Whole(product), ContractsJson.Default.ProductChanged)!.AsObject(),
    };

    private static ProductChanged Whole(Product product) => new()
    {
        ProductId = product.Id,
        Version = product.Version,
        Name = product.Content.Name,
        Category = product.Content.Category,
        VendorId = product.VendorId,
        Active = product.Content.Active,
        Variants = [.. product.Content.Variants.Select(variant => new ProductVariant(variant.Sku, variant.Name, variant.PriceMinor, variant.Currency))],
        ImageUrl = ImageAddress.Of(product),
    };
}
