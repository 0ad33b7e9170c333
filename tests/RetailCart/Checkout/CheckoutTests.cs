using Slipway.RetailCart.Tests.Scenes;

namespace Slipway.RetailCart.Tests.Checkout;

public sealed class CheckoutTests(CartScene scene) : IClassFixture<CartScene>, IDisposable
{
    public void Dispose() => (scene.Shop.Mood, scene.Shop.Meanwhile) = (OrdersMood.Taking, null);

    [Fact]
    public async Task A_guest_orders_what_lies_in_the_cart_and_the_cart_is_empty_then()
    {
        var guest = await FilledAsync(scene.Guest());

        var ordered = Shopper.Expect(await guest.CheckOutAsync(), 201);

        Assert.Equal(("pending", 21.00m, "guest-secret"), (ordered.GetProperty("status").GetString(), ordered.GetProperty("total_amount").GetDecimal(), ordered.GetProperty("guest_token").GetString()));
        Assert.Equal(2, ordered.GetProperty("items")[0].GetProperty("quantity").GetInt32());
        var asked = Assert.Single(scene.Shop.Of(guest.Id));
        Assert.Equal(("DE", "tok_success"), ((string?)asked["shippingAddress"]!["country"], (string?)asked["paymentToken"]));
        Assert.Equal(0, (await guest.CartAsync()).GetProperty("total_items").GetInt32());
    }

    [Fact]
    public async Task A_customer_orders_in_their_own_name()
    {
        var ann = await FilledAsync(scene.Customer());

        Shopper.Expect(await ann.CheckOutAsync(), 201);

        Assert.Equal(ann.Client.DefaultRequestHeaders.Authorization!.ToString(), scene.Shop.LastAuthorization);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("one-key-for-all-clicks")]
    public async Task However_often_somebody_clicks_it_is_one_order(string? key)
    {
        var guest = await FilledAsync(scene.Guest());
        key = key is null ? null : key + guest.Id;

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => guest.CheckOutAsync(key)));
        var later = await guest.CheckOutAsync(key);

        var ids = answers.Append(later).Select(answer => Shopper.Expect(answer, 201).GetProperty("order_id").GetString()).Distinct();
        Assert.Single(ids);
        Assert.Single(scene.Shop.Of(guest.Id));
    }

    [Fact]
    public async Task Another_order_of_the_same_things_is_another_order()
    {
        var guest = await FilledAsync(scene.Guest());
        Shopper.Expect(await guest.CheckOutAsync(), 201);
        await FilledAsync(guest);

        Shopper.Expect(await guest.CheckOutAsync(), 201);

        Assert.Equal(2, scene.Shop.Of(guest.Id).Count);
    }

    [Fact]
    public async Task Without_the_orders_service_the_cart_stays_as_it_was()
    {
        var guest = await FilledAsync(scene.Guest());
        var before = await guest.CartAsync();
        scene.Shop.Mood = OrdersMood.Down;

        var problem = await guest.CheckOutAsync();

        problem.Problem(503);
        Assert.NotNull(problem.Header("Retry-After"));
        Assert.Equal(before.ToString(), (await guest.CartAsync()).ToString());
        scene.Shop.Mood = OrdersMood.Taking;
        await OrderedAtLastAsync(guest);
        Assert.Single(scene.Shop.Of(guest.Id));
    }

    [Fact]
    public async Task An_order_whose_answer_was_lost_is_the_same_order_when_asked_again()
    {
        var guest = await FilledAsync(scene.Guest());
        scene.Shop.Mood = OrdersMood.TakingSilently;
        (await guest.CheckOutAsync()).Problem(503);
        scene.Shop.Mood = OrdersMood.Taking;

        await OrderedAtLastAsync(guest);

        Assert.Single(scene.Shop.Of(guest.Id));
        Assert.Equal(0, (await guest.CartAsync()).GetProperty("total_items").GetInt32());
    }

    [Fact]
    public async Task A_refusal_is_told_in_its_own_words_and_the_next_try_is_a_new_one()
    {
        var guest = await FilledAsync(scene.Guest());
        scene.Shop.Mood = OrdersMood.Refusing;

        var problem = (await guest.CheckOutAsync()).Problem(409, "priceChanged");

        Assert.Equal("/items/0/expectedPrice", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal(3, (await guest.CartAsync()).GetProperty("total_items").GetInt32());
        scene.Shop.Mood = OrdersMood.Taking;
        Shopper.Expect(await guest.CheckOutAsync(), 201);
    }

    [Fact]
    public async Task What_comes_into_the_cart_while_it_is_ordered_stays()
    {
        var guest = await FilledAsync(scene.Guest());
        var sku = (await guest.CartAsync()).GetProperty("items")[0].GetProperty("sku").GetString()!;
        var late = await scene.ProductAsync();
        scene.Shop.Meanwhile = async () =>
        {
            scene.Shop.Meanwhile = null;
            Shopper.Expect(await guest.AddAsync(sku), 201);
            Shopper.Expect(await guest.AddAsync(late), 201);
        };

        Shopper.Expect(await guest.CheckOutAsync(), 201);

        var left = (await guest.CartAsync()).GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("sku").GetString(), item.GetProperty("quantity").GetInt32()));
        Assert.Equal([(sku, 1), (late, 1)], left);
    }

    [Fact]
    public async Task What_cannot_be_ordered_is_said_before_anybody_is_asked()
    {
        var guest = scene.Guest();
        (await guest.CheckOutAsync()).Problem(400, "emptyCart");
        var gone = Guid.CreateVersion7();
        var sku = await scene.ProductAsync(1000, gone);
        Shopper.Expect(await guest.AddAsync(sku), 201);
        Assert.Contains(
            (await guest.CheckOutAsync(token: "4242 4242 4242 4242")).Problem(422).GetProperty("errors").EnumerateArray(),
            error => error.GetProperty("code").GetString() == "cardDataRefused" && error.GetProperty("pointer").GetString() == "/payment/token");
        (await guest.CheckOutAsync(email: "nobody")).Problem(422);
        (await guest.CheckOutAsync(key: "a b")).Problem(400);
        await scene.PriceAsync(gone, 2, sku, 1000, active: false);
        (await guest.CheckOutAsync()).Problem(409, "notSold");

        Assert.Empty(scene.Shop.Of(guest.Id));
    }

    [Fact]
    public async Task Nothing_of_the_buyer_is_kept_here()
    {
        var guest = await FilledAsync(scene.Guest());
        Shopper.Expect(await guest.CheckOutAsync(email: "very-private@example.test"), 201);

        Assert.Equal("0", await scene.Database.TextAsync("select count(*) from checkouts c where c::text like '%private%' or c::text like '%secret%'"));
        Assert.DoesNotContain("very-private", scene.Service.Log.ToString() ?? "", StringComparison.Ordinal);
    }

    /// <summary>The breaker between the services may need a moment to notice that all is well again.</summary>
    private static async Task OrderedAtLastAsync(Shopper guest)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await guest.CheckOutAsync()).Status != 201)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    private async Task<Shopper> FilledAsync(Shopper shopper)
    {
        Shopper.Expect(await shopper.AddAsync(await scene.ProductAsync(1000), 2), 201);
        Shopper.Expect(await shopper.AddAsync(await scene.ProductAsync(100)), 201);
        return shopper;
    }
}
