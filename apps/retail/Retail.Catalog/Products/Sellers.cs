using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Retail.Catalog.Products;

/// <summary>Who may change what: vendors their own products, administrators all.</summary>
internal static class Sellers
{
    public const string Vendor = "vendor";
    public const string Admin = "admin";

    private static readonly Problem s_noSeller = Problem.Forbidden("Products are changed by vendors and administrators.");
    private static readonly Problem s_notYours = Problem.Forbidden("This product belongs to another vendor.");

    public static bool IsAdmin(Caller? caller) => caller?.Roles.Contains(Admin) == true;

    public static bool IsSeller(Caller? caller) => IsAdmin(caller) || caller?.Roles.Contains(Vendor) == true;

    /// <summary>Null when the caller may sell at all.</summary>
    public static Problem? Refuse(Caller caller) => IsSeller(caller) ? null : s_noSeller;

    /// <summary>Null when the caller may change what this vendor sells. Products are public, so there is nothing to hide behind a 404.</summary>
    public static Problem? Refuse(Caller caller, Guid vendorId) =>
        Refuse(caller) ?? (IsAdmin(caller) || (caller.UserId == vendorId && vendorId != Guid.Empty) ? null : s_notYours);

    /// <summary>In whose name a new product is sold.</summary>
    public static Outcome<Guid> NameFor(Caller caller, Guid? asked)
    {
        if (Refuse(caller) is { } refused)
        {
            return refused;
        }

        if (asked is null || asked == caller.UserId)
        {
            return caller.UserId;
        }

        return IsAdmin(caller) && asked != Guid.Empty
            ? asked.Value
            : new Problem(403, "forbidden", "Not allowed", "Only administrators sell in the name of others; leave out vendor_id.");
    }
}
