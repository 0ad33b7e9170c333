using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Payments.Orders;

/// <summary>Which returns have their refund already.</summary>
internal static class RefundRequests
{
    public static async Task<bool> IsKnownAsync(NpgsqlTransaction transaction, Guid returnId, CancellationToken cancellation) =>
        await transaction.Command("select exists (select 1 from refunds where return_id = $1)", returnId).OneAsync(row => row.GetBoolean(0), cancellation);
}
