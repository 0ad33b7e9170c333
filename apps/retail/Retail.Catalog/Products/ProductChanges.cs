using System.Text.Json;
using System.Text.Json.Nodes;
using Retail.Catalog.Endpoints;
using Slipway.Sdk.Auditing;

namespace Retail.Catalog.Products;

/// <summary>What differs between two states of a product, member by member.</summary>
internal static class ProductChanges
{
    public static IReadOnlyList<AuditChange> Between(ProductContent? before, ProductContent? after)
    {
        var (old, now) = (Members(before), Members(after));
        var changes = new List<AuditChange>();
        foreach (var name in old.Select(member => member.Key).Union(now.Select(member => member.Key)))
        {
            if (!JsonNode.DeepEquals(old[name], now[name]))
            {
                changes.Add(new AuditChange($"/{name}", old[name]?.DeepClone(), now[name]?.DeepClone()));
            }
        }

        return changes;
    }

    private static JsonObject Members(ProductContent? content)
    {
        if (content is null)
        {
            return [];
        }

        // Stock is no part of what a seller says about a product.
        var plain = content with { Variants = [.. content.Variants.Select(variant => variant with { Available = null })] };
        return JsonSerializer.SerializeToNode(plain, CatalogJson.Default.ProductContent)!.AsObject();
    }
}
