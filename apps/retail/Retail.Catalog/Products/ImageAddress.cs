namespace Retail.Catalog.Products;

/// <summary>Where a product's picture is. The hash in it changes with the picture, so browsers may keep what they have.</summary>
internal static class ImageAddress
{
    public static string? Of(Product product) => product.Image is null ? null : $"/api/v1/products/{product.Id}/image?v={product.Image}";
}
