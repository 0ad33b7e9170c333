using System.Globalization;

namespace Slipway.Simulation.Tests.Shop;

/// <summary>What the databases say once everything is quiet, and what must be true of it.</summary>
internal static class ShopBooks
{
    private static readonly (string Service, string Tables)[] s_books =
    [
        ("orders", "order_stream,orders,order_lines,sagas,order_contacts,slipway.outbox"),
        ("inventory", "inventory,movements,reservations,reservation_lines,slipway.outbox"),
        ("payments", "payments,ledger_entries,refunds,operations,slipway.outbox"),
        ("payment-sandbox", "intents,refunds"),
    ];

    /// <summary>True of the shop at every quiet moment, whatever happened before.</summary>
    public static async Task HoldAsync(ShopWorld world)
    {
        Assert.Empty(world.Bus.Mistakes);
        Assert.Equal("", await world.Database("orders").TextAsync("select coalesce(string_agg(distinct phase, ','), '') from sagas where phase not in ('confirmed', 'cancelled')"));
        Assert.Equal("0", await world.Database("orders").TextAsync(
            "select count(*) from orders o join sagas s on s.order_id = o.id where (s.phase = 'confirmed') <> (o.status in ('confirmed', 'processing', 'shipped', 'delivered', 'refunded'))"));
        Assert.Equal("0", await world.Database("orders").TextAsync(
            "select count(*) from (select order_id from order_stream group by order_id having count(*) <> max(version)) gaps"));
        Assert.Equal("0", await world.Database("payments").TextAsync("select coalesce(sum(amount), 0) from ledger_entries"));
        Assert.Equal("0", await world.Database("payments").TextAsync(
            "select count(*) from (select transfer from ledger_entries group by transfer having sum(amount) <> 0) unbalanced"));
        Assert.Equal("0", await world.Database("inventory").TextAsync(
            """
            select count(*) from inventory i left join lateral (
                select coalesce(sum(quantity_delta), 0) as quantity, coalesce(sum(reserved_delta), 0) as reserved from movements m
                where m.sku = i.sku and m.warehouse_location = i.warehouse_location) m on true
            where i.quantity <> m.quantity or i.reserved <> m.reserved
            """));
        await MoneyFitsOrdersAsync(world);
    }

    /// <summary>Pieces left, held and sold of a SKU, confirmed orders of it, and what the bank has kept for them.</summary>
    public static async Task<(long Left, long Held, long Confirmed, long Money)> OfAsync(ShopWorld world, string sku)
    {
        var stock = await world.Database("inventory").TextAsync($"select sum(quantity) || ' ' || sum(reserved) from inventory where sku = '{sku}'");
        var confirmed = await world.Database("orders").TextAsync(
            $"select count(*) from orders o join order_lines l on l.order_id = o.id where l.sku = '{sku}' and o.status = 'confirmed'");
        var ids = await world.Database("orders").TextAsync($"select coalesce(string_agg('''' || order_id || '''', ','), '''''') from order_lines where sku = '{sku}'");
        var money = await world.Database("payment-sandbox").TextAsync($"select coalesce(sum(captured - refunded), 0) from intents where metadata->>'order_id' in ({ids})");
        var parts = stock.Split(' ');
        return (Number(parts[0]), Number(parts[1]), Number(confirmed), Number(money));
    }

    /// <summary>Every row of every book, as one text that differs if anything does.</summary>
    public static async Task<string> DigestAsync(ShopWorld world)
    {
        var digests = new List<string>();
        foreach (var (service, tables) in s_books)
        {
            foreach (var table in tables.Split(','))
            {
                digests.Add($"{service}.{table} " + await world.Database(service).TextAsync(
                    $"select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), ',' order by md5(t::text))), '') from {table} t"));
            }
        }

        return string.Join('\n', digests);
    }

    /// <summary>Order by order: a confirmed one was paid in full, for a cancelled one nothing was kept, at the bank and in our own books.</summary>
    private static async Task MoneyFitsOrdersAsync(ShopWorld world)
    {
        var orders = await PairsAsync(world, "orders", "select id || ' ' || case when status = 'confirmed' then total_minor - refunded_minor else 0 end from orders");
        var bank = await PairsAsync(world, "payment-sandbox", "select metadata->>'order_id' || ' ' || sum(captured - refunded) from intents group by metadata->>'order_id'");
        var payments = await PairsAsync(world, "payments", "select order_id || ' ' || sum(captured - refunded) from payments group by order_id");
        foreach (var (order, due) in orders)
        {
            Assert.Equal((order, due, due), (order, bank.GetValueOrDefault(order), payments.GetValueOrDefault(order)));
        }

        Assert.Empty(bank.Keys.Except(orders.Keys));
        Assert.Equal("0", await world.Database("payment-sandbox").TextAsync("select count(*) from intents where status = 'requires_capture'"));
    }

    private static async Task<Dictionary<string, long>> PairsAsync(ShopWorld world, string service, string sql)
    {
        var text = await world.Database(service).TextAsync($"select coalesce(string_agg(pair, ';'), '') from ({sql}) as pairs (pair)");
        return text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split(' ')).ToDictionary(pair => pair[0], pair => Number(pair[1]));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
