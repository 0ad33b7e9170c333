using System.Text.RegularExpressions;
using Retail.Catalog.Endpoints;
using Slipway.Sdk.Problems;

namespace Retail.Catalog.Categories;

/// <summary>What a category must be like. Looks only at what was sent.</summary>
internal static partial class CategoryRules
{
    private const int NameMax = 80;

    public static Outcome<Category> Check(string slug, CategoryBody body)
    {
        var findings = new Findings();
        if (!Slug().IsMatch(slug))
        {
            findings.Add("", "slug", "The address of a category has 1 to 64 small letters, digits and hyphens, such as garden-tools.");
        }

        if (body.Translations?.De?.Description is not null)
        {
            findings.Add("/translations/de/description", "unknownField", "Categories have names only.");
        }

        if (body.Position is < 0 or > 1_000_000)
        {
            findings.Add("/position", "outOfRange", "position must be from 0 to 1000000.");
        }

        var category = new Category(
            slug, findings.OptionalText("/parent", body.Parent, 64), findings.Text("/name", body.Name, NameMax),
            findings.OptionalText("/translations/de/name", body.Translations?.De?.Name, NameMax), body.Position ?? 0);
        return findings.Any ? findings.ToProblem() : category;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex Slug();
}
