using System.Text.Json.Serialization;
using Retail.Catalog.Live;
using Retail.Catalog.Products;

namespace Retail.Catalog.Endpoints;

/// <summary>Everything this service reads and writes as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(ProductBody))]
[JsonSerializable(typeof(PriceBody))]
[JsonSerializable(typeof(ProductContent))]
[JsonSerializable(typeof(ProductDocument))]
[JsonSerializable(typeof(ProductDocumentV2))]
[JsonSerializable(typeof(ProductPage<ProductDocument>), TypeInfoPropertyName = "ProductPage")]
[JsonSerializable(typeof(ProductPage<ProductDocumentV2>), TypeInfoPropertyName = "ProductPageV2")]
[JsonSerializable(typeof(CategoryList))]
[JsonSerializable(typeof(CategoryBody))]
[JsonSerializable(typeof(CategoryDocument))]
[JsonSerializable(typeof(VendorBody))]
[JsonSerializable(typeof(VendorDocument))]
[JsonSerializable(typeof(PriceHistory))]
[JsonSerializable(typeof(SuggestionList))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(SkuDocument))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class CatalogJson : JsonSerializerContext;
