using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Payments.Ledger;

/// <summary>The books as rows. A transfer that is booked already is not booked again.</summary>
internal static class LedgerRows
{
    public static async Task BookAsync(
        NpgsqlTransaction transaction, string transfer, Guid payment, string currency, IReadOnlyList<LedgerLine> lines, DateTimeOffset at, CancellationToken cancellation)
    {
        foreach (var line in lines)
        {
            await transaction.Command(
                """
                insert into ledger_entries (transfer, account, step, amount, currency, payment_id, at) values ($1, $2, $3, $4, $5, $6, $7)
                on conflict (transfer, account, step) do nothing
                """,
                transfer, line.Account, line.Step, line.Amount, currency, payment, at).ExecuteAsync(cancellation);
        }
    }
}
