namespace Slipway.RetailPayments.Tests.Scenes;

/// <summary>One shop for the classes that cut no wires; each of their tests has an order of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedShop : ICollectionFixture<ShopScene>
{
    public const string Name = "shop";
}
