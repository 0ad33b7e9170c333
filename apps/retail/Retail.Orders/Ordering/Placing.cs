using System.Text.Json.Nodes;
using Npgsql;
using Retail.Orders.Endpoints;
using Retail.Orders.People;
using Retail.Orders.Pricing;
using Retail.Orders.Sagas;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Orders.Ordering;

/// <summary>From a checked request to an order, its saga and the word to inventory, in one transaction.</summary>
internal sealed class Placing(OrderBook orders, SagaBook sagas, GuestTokens guests, TimeProvider time)
{
    public async Task<Outcome<OrderState>> RunAsync(NpgsqlTransaction transaction, CheckedOrder wanted, Guid? userId, CancellationToken cancellation)
    {
        var prices = await PriceView.FindAsync(transaction.Connection!, [.. wanted.Items.Select(item => item.Name)], cancellation);
        if (!Lines(wanted, prices).Is(out var lines, out var problem))
        {
            return problem;
        }

        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var number = await transaction.Command("select nextval('order_numbers')").OneAsync(row => row.GetInt64(0), cancellation);
        var placed = new OrderPlaced(
            $"R-{now.Year:D4}-{number:D6}", userId, lines, Charges.Of(lines, wanted.Contact.Country), Charges.Currency, wanted.Contact.Country);
        var order = await orders.WriteAsync(transaction, new OrderState { Id = id }, [placed], cancellation);
        await OrderContacts.AddAsync(transaction, id, userId, wanted.Contact, cancellation);
        if (userId is null)
        {
            await guests.AddAsync(transaction, id, cancellation);
        }

        await sagas.BeginAsync(transaction, order, wanted.PaymentToken, cancellation);
        return order;
    }

    private static Outcome<IReadOnlyList<PlacedLine>> Lines(CheckedOrder wanted, Dictionary<string, Price> prices)
    {
        var findings = new Findings();
        var changed = new List<Finding>();
        var lines = new List<PlacedLine>();
        foreach (var item in wanted.Items)
        {
            var pointer = $"/items/{item.Index}";
            if (!prices.TryGetValue(item.Name, out var price) || !price.Active)
            {
                findings.Add(pointer, "notForSale", $"{item.Name} is not for sale.");
                continue;
            }

            if (item.ExpectedMinor is { } expected && expected != price.PriceMinor)
            {
                changed.Add(new Finding("priceChanged", $"{price.Sku} costs {OrderDocuments.Amount(price.PriceMinor)} {price.Currency} now.")
                {
                    Pointer = pointer + "/expectedPrice",
                    Args = new JsonObject { ["sku"] = price.Sku, ["yours"] = OrderDocuments.Amount(expected), ["now"] = OrderDocuments.Amount(price.PriceMinor) },
                });
            }

            var at = lines.FindIndex(line => line.Sku == price.Sku);
            var quantity = item.Quantity + (at < 0 ? 0 : lines[at].Quantity);
            if (quantity > CreateOrderRules.QuantityMax)
            {
                findings.Add(pointer + "/quantity", "outOfRange", $"Of {price.Sku} at most {CreateOrderRules.QuantityMax} can be ordered at once.");
            }

            var line = new PlacedLine(price.Sku, price.ProductId, price.VendorId, price.Name, price.PriceMinor, quantity);
            if (at < 0)
            {
                lines.Add(line);
            }
            else
            {
                lines[at] = line;
            }
        }

        if (findings.Any)
        {
            return findings.ToProblem();
        }

        return changed.Count > 0
            ? Problem.Conflict("priceChanged", "A price has changed", "What you saw is no longer the price. Look at the new one and order again.") with { Errors = changed }
            : lines;
    }
}
