using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Slipway.Sdk.Problems;

namespace Retail.Catalog.Products;

/// <summary>What a product must be like. Looks only at what was sent.</summary>
internal static partial class ProductRules
{
    public const int NameMax = 200;
    public const int DescriptionMax = 10_000;
    public const int VariantsMax = 100;
    public const int AttributesMax = 30;
    public const int AttributeNameMax = 40;
    public const int AttributeValueMax = 100;

    /// <param name="madeSku">For a product that comes without a SKU.</param>
    public static Outcome<ProductContent> Check(ProductBody body, string? madeSku)
    {
        var findings = new Findings();
        var content = Check(body, madeSku, findings);
        return findings.Any ? findings.ToProblem() : content;
    }

    public static ProductContent Check(ProductBody body, string? madeSku, Findings findings) => new()
    {
        Name = Plain(findings, "/name", findings.Text("/name", body.Name, NameMax)),
        NameDe = Plain(findings, "/translations/de/name", findings.OptionalText("/translations/de/name", body.Translations?.De?.Name, NameMax)),
        Description = Plain(findings, "/description", findings.Text("/description", body.Description, DescriptionMax, required: false)),
        DescriptionDe = Plain(
            findings, "/translations/de/description", findings.OptionalText("/translations/de/description", body.Translations?.De?.Description, DescriptionMax)),
        Category = findings.Text("/category", body.Category, 64),
        Attributes = Attributes(findings, "/attributes", body.Attributes),
        Active = body.Active ?? true,
        Variants = Variants(findings, body, madeSku),
    };

    private static List<Variant> Variants(Findings findings, ProductBody body, string? madeSku)
    {
        if (body.Variants is not { Count: > 0 })
        {
            if (body.Variants is not null)
            {
                findings.Add("/variants", "required", "variants must have at least one entry; leave it out for a product without variants.");
            }

            Prices.Currency(findings, "/currency", body.Currency);
            return [new Variant { Sku = Sku(findings, "/sku", body.Sku, madeSku), PriceMinor = Prices.Read(findings, "/price", body.Price) }];
        }

        if (body.Variants.Count > VariantsMax)
        {
            findings.Add("/variants", "tooMany", $"variants must have at most {VariantsMax} entries.");
            return [];
        }

        var variants = body.Variants.Select((variant, at) => VariantOf(findings, $"/variants/{at}", variant, madeSku is null ? null : $"{madeSku}-{at + 1}")).ToList();
        foreach (var (variant, at) in variants.Select((variant, at) => (variant, at)))
        {
            if (variants.FindIndex(other => other.Sku == variant.Sku) < at)
            {
                findings.Add($"/variants/{at}/sku", "repeated", $"{variant.Sku} is there twice.");
            }
        }

        Agree(findings, body, variants[0]);
        return variants;
    }

    /// <summary>Both places may be filled, but they must not say different things.</summary>
    private static void Agree(Findings findings, ProductBody body, Variant first)
    {
        Prices.Currency(findings, "/currency", body.Currency);
        if (body.Sku is not null && Skus.Read(body.Sku) != first.Sku)
        {
            findings.Add("/sku", "contradictory", "sku is that of the first variant; leave one of them out.");
        }

        if (body.Price is { } price && price * 100 != first.PriceMinor)
        {
            findings.Add("/price", "contradictory", "price is that of the first variant; leave one of them out.");
        }
    }

    private static Variant VariantOf(Findings findings, string pointer, VariantBody? body, string? madeSku)
    {
        if (body is null)
        {
            findings.Add(pointer, "required", "A variant is an object.");
            return new Variant { Sku = "", PriceMinor = 0 };
        }

        Prices.Currency(findings, $"{pointer}/currency", body.Currency);
        return new Variant
        {
            Sku = Sku(findings, $"{pointer}/sku", body.Sku, madeSku),
            Name = Plain(findings, $"{pointer}/name", findings.OptionalText($"{pointer}/name", body.Name, NameMax)),
            PriceMinor = Prices.Read(findings, $"{pointer}/price", body.Price),
            Attributes = Attributes(findings, $"{pointer}/attributes", body.Attributes),
        };
    }

    private static string Sku(Findings findings, string pointer, string? text, string? made)
    {
        if (text is null && made is not null)
        {
            return made;
        }

        if (text is null)
        {
            findings.Add(pointer, "required", "sku is required.");
            return "";
        }

        if (Skus.Read(text) is { } sku)
        {
            return sku;
        }

        findings.Add(pointer, "notASku", Skus.Rule);
        return "";
    }

    private static SortedDictionary<string, string> Attributes(Findings findings, string pointer, Dictionary<string, string>? attributes)
    {
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (attributes is { Count: > AttributesMax })
        {
            findings.Add(pointer, "tooMany", $"There may be at most {AttributesMax} attributes.");
            return read;
        }

        foreach (var (name, value) in attributes ?? [])
        {
            var place = $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (!AttributeName().IsMatch(name))
            {
                findings.Add(
                    pointer, "attributeName", $"The name of an attribute has 1 to {AttributeNameMax} letters, digits, blanks, hyphens and underscores, beginning with a letter.");
                continue;
            }

            var text = Plain(findings, place, findings.Text(place, value, AttributeValueMax));
            if (text.Contains(',', StringComparison.Ordinal))
            {
                findings.Add(place, "comma", "The value of an attribute has no comma, because lists are narrowed by values that commas separate.");
            }

            read[name.Trim()] = text;
        }

        return read;
    }

    /// <summary>What is shown on pages is text. Markup has no business in it, however carefully pages escape it.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    private static string? Plain(Findings findings, string pointer, string? text)
    {
        if (text is not null && Markup().IsMatch(text))
        {
            findings.Add(pointer, "markup", $"{pointer[(pointer.LastIndexOf('/') + 1)..]} must be plain text without tags.");
        }

        return text;
    }

    [GeneratedRegex(@"\A\p{L}[\p{L}\p{Nd} _-]{0,39}\z")]
    private static partial Regex AttributeName();

    [GeneratedRegex(@"<\s*[/!?]?\s*[A-Za-z]")]
    private static partial Regex Markup();
}
