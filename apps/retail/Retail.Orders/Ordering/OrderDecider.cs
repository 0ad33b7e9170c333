using System.Text.Json.Nodes;
using Slipway.Sdk.Problems;

namespace Retail.Orders.Ordering;

/// <summary>What people may do with an order: from a wish and a state to events, or to the reason why not.</summary>
internal static class OrderDecider
{
    private static readonly OrderStatus[] s_way = [OrderStatus.Confirmed, OrderStatus.Processing, OrderStatus.Shipped, OrderStatus.Delivered];

    /// <summary>Null when the order may be cancelled, or already is.</summary>
    public static Problem? MayCancel(OrderState order) => order.Status switch
    {
        OrderStatus.Shipped or OrderStatus.Delivered => Problem.Conflict(
            "tooLateToCancel", "The order is on its way", $"An order that is {order.Status.Name()} cannot be cancelled. Return what arrived instead."),
        OrderStatus.Refunded => Problem.Conflict("alreadyRefunded", "Everything was paid back", "All pieces were returned and refunded; there is nothing left to cancel."),
        _ => null,
    };

    /// <summary>One step at a time, never back. Asking for the status it has is nothing new.</summary>
    public static Outcome<IReadOnlyList<OrderEvent>> Advance(OrderState order, OrderStatus wanted)
    {
        if (order.Status == wanted)
        {
            return Array.Empty<OrderEvent>();
        }

        var at = Array.IndexOf(s_way, order.Status);
        if (at < 0 || at + 1 >= s_way.Length)
        {
            return Problem.Conflict("statusFixed", "The status cannot be changed", $"An order that is {order.Status.Name()} is not moved by hand.");
        }

        if (s_way[at + 1] != wanted)
        {
            return Problem.Conflict("wrongStatus", "Not the next status", $"After {order.Status.Name()} comes {s_way[at + 1].Name()}, not {wanted.Name()}.");
        }

        return new OrderEvent[] { new StatusAdvanced(wanted) };
    }

    /// <summary>Never more than was bought and not returned yet. Shipping is paid back with the last piece.</summary>
    public static Outcome<ReturnAsked> Return(OrderState order, Guid returnId, IReadOnlyList<ReturnedLine> wanted, bool restock)
    {
        if (!s_way.Contains(order.Status))
        {
            return Problem.Conflict("notReturnable", "Nothing can be returned", $"Pieces of an order that is {order.Status.Name()} cannot be returned.");
        }

        var findings = new Findings();
        var left = order.Items.ToDictionary(item => item.Sku, item => item.Quantity - item.Returned, StringComparer.Ordinal);
        for (var at = 0; at < wanted.Count; at++)
        {
            var line = wanted[at];
            if (!left.TryGetValue(line.Sku, out var available))
            {
                findings.Add($"/lines/{at}/sku", "notInOrder", $"{line.Sku} is not part of this order.");
            }
            else if (line.Quantity < 1 || line.Quantity > available)
            {
                findings.Add(
                    $"/lines/{at}/quantity", "tooMany", $"Of {line.Sku} between 1 and {available} can be returned.", new JsonObject { ["max"] = available });
            }
            else
            {
                left[line.Sku] = available - line.Quantity;
            }
        }

        if (wanted.Count == 0)
        {
            findings.Add("/lines", "required", "Name at least one line to return.");
        }

        if (findings.Any)
        {
            return findings.ToProblem();
        }

        var lines = wanted.GroupBy(line => line.Sku, StringComparer.Ordinal).Select(same => new ReturnedLine(same.Key, same.Sum(line => line.Quantity))).ToList();
        var shipping = left.Values.All(rest => rest == 0) ? order.Totals.ShippingMinor : 0;
        var amount = shipping + lines.Sum(line => order.Items.First(item => item.Sku == line.Sku).UnitPriceMinor * line.Quantity);
        return new ReturnAsked(returnId, lines, amount, shipping, restock);
    }
}
