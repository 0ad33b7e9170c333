using Microsoft.Extensions.Logging;
using Retail.Catalog.Live;
using Retail.Catalog.Products;
using Slipway.Sdk.Database;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Notices;
using System.Globalization;

namespace Retail.Catalog.Seeding;

/// <summary>
/// <c>generate --count N [--events true]</c>: a catalogue of a size that no shop has on its first day, the same every time, to measure
/// with. Products that are there already are passed over. Others hear of them only on request, because events are what takes longest.
/// </summary>
internal sealed partial class Generate(Database database, Writings writings, Outbox outbox, InstanceNotices others, TimeProvider time, ILogger<Generate> logger)
{
    private const int CountMax = 1_000_000;
    private const int Together = 500;
    private const int UsageExitCode = 64;

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (Argument(arguments, "--count") is not { } text
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is < 1 or > CountMax)
        {
            await Console.Error.WriteLineAsync($"catalog: generate takes --count with a number from 1 to {CountMax}, and --events true to tell other services.");
            return UsageExitCode;
        }

        var events = Argument(arguments, "--events") == "true";
        var file = SeedFile.Read();
        await database.WriteAsync((transaction, token) => Seed.SaveShelvesAsync(transaction, file, token), cancellation);
        var written = 0;
        foreach (var numbers in Enumerable.Range(1, count).Chunk(Together))
        {
            written += await writings.RunAsync(null, "generate", (writing, token) => WriteAsync(writing, file, numbers, events, token), cancellation);
        }

        // Without figures the planner takes a full catalogue for an empty one.
        await database.WriteAsync(async (transaction, token) => await transaction.Command("analyze products, variants, price_changes, search_words").ExecuteAsync(token), cancellation);
        await others.AnnounceEverythingAsync(cancellation);
        LogWritten(logger, written);
        return 0;
    }

    private async Task<int> WriteAsync(Writing writing, SeedFile file, int[] numbers, bool events, CancellationToken cancellation)
    {
        var taken = await writing.Transaction.Command("select sku from variants where sku = any($1)", numbers.Select(GeneratedProducts.Sku)).ListAsync(row => row.GetString(0), cancellation);
        var products = numbers.Where(number => !taken.Contains(GeneratedProducts.Sku(number)))
            .Select(number => ProductBook.New(writing, Guid.CreateVersion7(time.GetUtcNow()), GeneratedProducts.Vendor(number, file), GeneratedProducts.Content(number, file)) with
            {
                // Spread over two years, so that newest first means something.
                CreatedAt = writing.Now - TimeSpan.FromMinutes(number % 1_000_000),
            }).ToList();
        if (products.Count == 0)
        {
            return 0;
        }

        if (!await ProductWriting.InsertAsync(writing.Transaction, products, writing.Tree, cancellation))
        {
            throw new InvalidOperationException("Somebody else generates products at the same time.");
        }

        await ProductWriting.RecordPricesAsync(
            writing.Transaction, [.. products.SelectMany(product => product.Content.Variants.Select(variant => (product.Id, variant)))], writing.Now, writing.By, cancellation);
        foreach (var product in events ? products : [])
        {
            await outbox.AddAsync(writing.Transaction, ProductFacts.Created(product), cancellation);
        }

        return products.Count;
    }

    private static string? Argument(IReadOnlyList<string> arguments, string name)
    {
        for (var at = 0; at + 1 < arguments.Count; at++)
        {
            if (arguments[at] == name)
            {
                return arguments[at + 1];
            }
        }

        return null;
    }

    [LoggerMessage(EventId = 9212, Level = LogLevel.Information, Message = "{Products} products were generated")]
    private static partial void LogWritten(ILogger logger, int products);
}
