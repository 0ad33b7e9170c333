using System.Globalization;
using Retail.Catalog.Categories;
using Retail.Catalog.Products;
using Slipway.Sdk.Requests;

namespace Retail.Catalog.Searching;

internal enum ProductOrder
{
    Relevance,
    Newest,
    Oldest,
    Cheapest,
    Dearest,
    Name,
    NameDescending,
}

/// <summary>Which products somebody wants to see, and which page of them.</summary>
internal sealed record ProductFilter
{
    public const int PageSizeMax = 100;

    /// <summary>Nobody turns so many pages; whoever needs everything takes the export.</summary>
    public const int DepthMax = 10_000;

    private const int AttributesMax = 20;

    public string? Text { get; init; }

    public string? Category { get; init; }

    public long? PriceMin { get; init; }

    public long? PriceMax { get; init; }

    public IReadOnlyList<Guid> Vendors { get; init; } = [];

    public bool? InStock { get; init; }

    /// <summary>By name of the attribute: any of these values.</summary>
    public IReadOnlyList<IGrouping<string, string>> Attributes { get; init; } = [];

    /// <summary>Null shows also what is no longer sold.</summary>
    public bool? Active { get; init; } = true;

    public ProductOrder Order { get; init; }

    public int Page { get; init; } = 1;

    public int PageSize { get; init; } = 24;

    public static ProductFilter Read(Query query)
    {
        var text = query.Text("q");
        var attributes = query.List("attributes", AttributesMax).Concat(query.List("attribute", AttributesMax)).ToList();
        var pairs = attributes.Select(item => item.Split(':', 2)).ToList();
        if (pairs.Exists(pair => pair.Length != 2 || pair[0].Length == 0 || pair[1].Length == 0))
        {
            query.Wrong("attributes", "notAPair", "attributes are pairs such as color:black,size:M.");
            pairs.Clear();
        }

        var (page, size) = (query.Number("page", 1, DepthMax) ?? 1, query.Number("pageSize", 1, PageSizeMax) ?? 24);
        if ((long)page * size > DepthMax)
        {
            query.Wrong("page", "tooDeep", $"page times pageSize may be at most {DepthMax}. Narrow the list, or take the export for all products.");
        }

        var (low, high) = (Price(query, "minPrice"), Price(query, "maxPrice"));
        if (low > high)
        {
            query.Wrong("minPrice", "outOfRange", "minPrice must not be above maxPrice.");
        }

        return new ProductFilter
        {
            Text = text,
            Category = query.Text("category", 64),
            PriceMin = low,
            PriceMax = high,
            Vendors = VendorsOf(query),
            InStock = query.Flag("inStock"),
            Attributes = [.. pairs.GroupBy(pair => pair[0], pair => pair[1])],
            Active = ActiveOf(query),
            Order = OrderOf(query, text),
            Page = page,
            PageSize = size,
        };
    }

    /// <summary>The category with everything below it. One nobody knows has no products.</summary>
    public IReadOnlyList<string>? CategoriesOf(CategoryTree tree) => Category is null ? null : tree.Below(Category);

    private static long? Price(Query query, string name)
    {
        if (query.Text(name, 20) is not { } text)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price <= Prices.MinorMax / 100m)
        {
            return (long)decimal.Ceiling(price * 100);
        }

        query.Wrong(name, "notAPrice", $"{name} must be a price such as 19.90, up to {Prices.MinorMax / 100}.");
        return null;
    }

    private static List<Guid> VendorsOf(Query query)
    {
        var vendors = new List<Guid>();
        foreach (var text in query.List("vendor", 20))
        {
            if (Guid.TryParse(text, out var vendor))
            {
                vendors.Add(vendor);
            }
            else
            {
                query.Wrong("vendor", "notAnId", "vendor must be the id of a vendor.");
            }
        }

        return vendors;
    }

    private static bool? ActiveOf(Query query)
    {
        switch (query.Text("active"))
        {
            case null or "true":
                return true;
            case "false":
                return false;
            case "all":
                return null;
            default:
                query.Wrong("active", "notOneOf", "active must be true, false or all.");
                return true;
        }
    }

    private static ProductOrder OrderOf(Query query, string? text)
    {
        switch (query.Text("sort"))
        {
            case null:
                return text is null ? ProductOrder.Newest : ProductOrder.Relevance;
            case "relevance":
                return ProductOrder.Relevance;
            case "-createdAt":
                return ProductOrder.Newest;
            case "createdAt":
                return ProductOrder.Oldest;
            case "price":
                return ProductOrder.Cheapest;
            case "-price":
                return ProductOrder.Dearest;
            case "name":
                return ProductOrder.Name;
            case "-name":
                return ProductOrder.NameDescending;
            default:
                query.Wrong("sort", "notOneOf", "sort must be one of relevance, price, name, createdAt; all but relevance take a leading minus for descending order.");
                return ProductOrder.Newest;
        }
    }
}
