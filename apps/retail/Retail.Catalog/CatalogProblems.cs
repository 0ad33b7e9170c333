using Slipway.Sdk.Problems;

namespace Retail.Catalog;

/// <summary>What this service's own problem codes mean, for the people who meet them.</summary>
internal static class CatalogProblems
{
    public static ProblemText[] All { get; } =
    [
        new("unreadableFile", 400, "The file cannot be read", "The file is not what its Content-Type says, or has more rows than one import takes; the detail names the place.", "Correct or split the file and send it again."),
        new("skuTaken", 409, "The SKU is taken", "Another product or variant is sold under the same SKU.", "Choose another SKU."),
        new("tooManyCategories", 409, "Too many categories", "The bound of categories is reached.", "Delete categories nobody uses."),
        new("categoryInUse", 409, "The category is in use", "Products, or other categories, lie in it.", "Move them elsewhere first."),
    ];
}
