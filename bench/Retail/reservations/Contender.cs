using Npgsql;

namespace Slipway.Retail.Reservations.Bench;

/// <summary>A way to hold pieces: all lines of an order or none, in one transaction with the order's row and its ledger.</summary>
internal abstract class Contender(string name)
{
    public string Name => name;

    /// <summary>False when something is not there.</summary>
    public async Task<bool> ReserveAsync(NpgsqlDataSource source, Guid order, string[] skus)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var held = await HoldAsync(connection, transaction, skus);
        if (held)
        {
            await using var write = new NpgsqlCommand(
                """
                with kept as (insert into orders (id) values ($1))
                insert into ledger (order_id, sku, delta) select $1, sku, 1 from unnest($2) as sku
                """,
                connection, transaction) { Parameters = { new() { Value = order }, new() { Value = skus } } };
            await write.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
        else
        {
            await transaction.RollbackAsync();
        }

        return held;
    }

    protected abstract Task<bool> HoldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string[] skus);
}

/// <summary>Looks first, under locks taken in the order of SKUs, then writes.</summary>
internal sealed class RowLocks() : Contender("row locks")
{
    protected override async Task<bool> HoldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string[] skus)
    {
        var free = 0;
        await using (var look = new NpgsqlCommand("select quantity - reserved from stock where sku = any($1) order by sku for update", connection, transaction) { Parameters = { new() { Value = skus } } })
        {
            await using var reader = await look.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                free += reader.GetInt64(0) > 0 ? 1 : 0;
            }
        }

        if (free < skus.Length)
        {
            return false;
        }

        await using var take = new NpgsqlCommand("update stock set reserved = reserved + 1 where sku = any($1)", connection, transaction) { Parameters = { new() { Value = skus } } };
        await take.ExecuteNonQueryAsync();
        return true;
    }
}

/// <summary>Writes at once, if there is enough: one statement a line, since one for all lines locks in no order and meets others in a circle.</summary>
internal sealed class ConditionalUpdates() : Contender("conditional updates")
{
    protected override async Task<bool> HoldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string[] skus)
    {
        foreach (var sku in skus)
        {
            await using var take = new NpgsqlCommand("update stock set reserved = reserved + 1 where sku = $1 and quantity - reserved >= 1", connection, transaction) { Parameters = { new() { Value = sku } } };
            if (await take.ExecuteNonQueryAsync() == 0)
            {
                return false;
            }
        }

        return true;
    }
}
