using Retail.Catalog.Caching;
using Retail.Catalog.Products;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Replies;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Retail.Catalog.Endpoints;

/// <summary>Products as answers.</summary>
internal static class ProductReplies
{
    /// <summary>Whoever keeps a read asks each time whether it is still the newest, which costs next to nothing.</summary>
    public const string Revalidate = "public, no-cache";

    public static Reply Ok(Product product) => Reply.Ok(ProductDocument.Of(product), CatalogJson.Default.ProductDocument, ProductTags.Of(product));

    public static Reply Created(Product product) =>
        Reply.Created($"/api/v1/products/{product.Id}", ProductDocument.Of(product), CatalogJson.Default.ProductDocument, ProductTags.Of(product));

    /// <summary>A public read of one product.</summary>
    public static MadeReply Read(Product product, bool v2)
    {
        var reply = v2 ? Reply.Ok(ProductDocumentV2.Of(product), CatalogJson.Default.ProductDocumentV2, ProductTags.Of(product)) : Ok(product);
        return new MadeReply(reply.With("Cache-Control", Revalidate), [CacheTags.Product(product.Id)]);
    }

    /// <summary>A public read of several things, which has no version but its content.</summary>
    public static Reply Hashed<T>(T body, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        return new Reply(
            200,
            [
                new("Content-Type", "application/json; charset=utf-8"),
                new("ETag", $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\""),
                new("Cache-Control", Revalidate),
            ],
            bytes);
    }
}
