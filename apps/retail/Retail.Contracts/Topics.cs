namespace Retail.Contracts;

/// <summary>The five topics of the shop; each is a Broker of that name.</summary>
public static class Topics
{
    public const string Users = "user-events";
    public const string Products = "product-events";
    public const string Inventory = "inventory-events";
    public const string Orders = "order-events";
    public const string Payments = "payment-events";
}
