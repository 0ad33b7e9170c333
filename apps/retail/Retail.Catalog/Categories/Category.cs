namespace Retail.Catalog.Categories;

/// <summary>A place in the shop where products stand; known to addresses and events by its slug.</summary>
internal sealed record Category(string Slug, string? Parent, string Name, string? NameDe, int Position);
