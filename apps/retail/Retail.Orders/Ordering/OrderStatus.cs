using System.Text.Json.Serialization;

namespace Retail.Orders.Ordering;

/// <summary>How far an order is, in the words buyers see.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrderStatus>))]
internal enum OrderStatus
{
    Pending,
    Reserved,
    Paid,
    Confirmed,
    Processing,
    Shipped,
    Delivered,
    Cancelled,

    /// <summary>Cancelled, but stock or money did not come back; an operator is needed.</summary>
    Failed,

    /// <summary>Everything was returned and paid back.</summary>
    Refunded,
}

internal static class OrderStatusNames
{
    public static string Name(this OrderStatus status) => status switch
    {
        OrderStatus.Pending => "pending",
        OrderStatus.Reserved => "reserved",
        OrderStatus.Paid => "paid",
        OrderStatus.Confirmed => "confirmed",
        OrderStatus.Processing => "processing",
        OrderStatus.Shipped => "shipped",
        OrderStatus.Delivered => "delivered",
        OrderStatus.Cancelled => "cancelled",
        OrderStatus.Failed => "failed",
        _ => "refunded",
    };

    public static OrderStatus? Find(string name)
    {
        foreach (var status in Enum.GetValues<OrderStatus>())
        {
            if (status.Name() == name)
            {
                return status;
            }
        }

        return null;
    }
}
