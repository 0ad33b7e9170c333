namespace Retail.Catalog.Searching;

/// <summary>What a list could be narrowed by. A facet ignores its own selection; selected values are always there.</summary>
/// <param name="Field">The parameter it is chosen by: category, vendor, price, inStock, or attributes with the name of one.</param>
internal sealed record Facet(string Field, string? Attribute, IReadOnlyList<FacetValue> Values);

/// <param name="Min">For a range of prices; the value is then <c>from-to</c> and to be sent as minPrice and maxPrice.</param>
internal sealed record FacetValue(string Value, string Label, long Count, bool Selected, decimal? Min = null, decimal? Max = null);

/// <summary>Names and numbers as they came from the database.</summary>
internal sealed record FacetCount(string Field, string Value, long Count);
