using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Retail.Inventory.Stock;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Retail.Inventory.Endpoints;

/// <summary>What may be said about stock, and who may say it.</summary>
internal static partial class StockRules
{
    public const string ReadScope = "retail.inventory:read";
    public const string WriteScope = "retail.inventory:write";
    public const string DefaultLocation = "main";
    public const long QuantityMax = 1_000_000_000;
    public const int LinesMax = 100;

    public static Problem UnknownItem { get; } = Problem.NotFound("product or SKU in stock");

    /// <summary>Whose stock the caller may look at: everybody's for services and admins (null), a vendor's own for vendors.</summary>
    public static Outcome<Guid?> SightOf(Caller caller) => MovesEverything(caller)
        ? (Guid?)null
        : caller.Roles.Contains("vendor") ? caller.UserId : Problem.Forbidden("Quantities are for admins and vendors; whether something is in stock, GET /inventory/stock tells everybody.");

    /// <summary>Services and admins move stock of everything, a vendor that of their own products.</summary>
    public static Problem? MayChange(Caller caller, StockItem item) =>
        MovesEverything(caller) || (caller.Roles.Contains("vendor") && item.VendorId is { } vendor && vendor == caller.UserId)
            ? null
            : caller.Roles.Contains("vendor") ? UnknownItem : Problem.Forbidden("Stock is changed by admins, and by vendors for their own products.");

    /// <summary>For calls that the order process makes: services and admins.</summary>
    public static Problem? MayReserve(Caller caller) =>
        MovesEverything(caller) ? null : Problem.Forbidden("Reservations are made by placing an order; only services and admins make them here.");

    public static string ActorOf(Caller caller) => caller.Kind == CallerKind.Service ? "service:" + caller.Subject : "user:" + caller.Subject;

    public static string Location(Findings findings, string pointer, string? value)
    {
        var location = value ?? DefaultLocation;
        if (!LocationShape().IsMatch(location))
        {
            findings.Add(pointer, "notALocation", "A location is 1 to 64 letters, digits, dots, dashes and underscores, such as berlin-1.");
        }

        return location;
    }

    public static long Quantity(Findings findings, string pointer, long value)
    {
        if (value is < 0 or > QuantityMax)
        {
            findings.Add(pointer, "outOfRange", $"The quantity is from 0 to {QuantityMax}.");
        }

        return value;
    }

    public static void Threshold(Findings findings, int? value)
    {
        if (value is < 0 or > 1_000_000)
        {
            findings.Add("/reorderThreshold", "outOfRange", "reorderThreshold is from 0 to 1000000.");
        }
    }

    public static Problem TooFew(StockItem item, long available, long wanted) =>
        Problem.Conflict("outOfStock", "Not enough stock", $"Only {available} of {item.Sku} are not reserved; {wanted} would have to be.") with
        {
            Args = new() { ["sku"] = item.Sku, ["available"] = available, ["requested"] = wanted },
        };

    private static bool MovesEverything(Caller caller) => caller.Kind == CallerKind.Service || caller.Roles.Contains("admin");

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex LocationShape();
}
