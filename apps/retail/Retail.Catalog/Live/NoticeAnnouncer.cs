using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Catalog.Live;

/// <summary>
/// Tells the other instances through the database what was committed here. It is not part of the write: the server lets only one
/// transaction at a time commit with a notice. What a dying instance no longer told, the others find when their copies are too old.
/// </summary>
internal sealed partial class NoticeAnnouncer(Database database, NoticeBoard board, InstanceName instance, ILogger<NoticeAnnouncer> logger) : BackgroundService
{
    public const string Channel = "catalog_changes";

    /// <summary>The server takes less than 8,000 bytes in one notice.</summary>
    private const int BytesMax = 7_500;

    public static async Task AnnounceAsync(Database database, InstanceName instance, IReadOnlyList<ProductNotice> notices, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand("select pg_notify($1, $2)");
        command.Parameters.Add(new NpgsqlParameter { Value = Channel });
        command.Parameters.Add(new NpgsqlParameter { Value = Write(instance, notices) });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public static string Write(InstanceName instance, IReadOnlyList<ProductNotice> notices)
    {
        var text = string.Join('\n', notices.Select(notice => notice.Write()).Prepend(instance.Value));
        return Encoding.UTF8.GetByteCount(text) <= BytesMax ? text : $"{instance.Value}\n{ProductNotice.Everything.Write()}";
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = new List<ProductNotice>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await board.ToOthers.WaitToReadAsync(stoppingToken);
                told.Clear();
                while (told.Count < 100 && board.ToOthers.TryRead(out var notice))
                {
                    told.Add(notice);
                }

                if (board.LostToOthers())
                {
                    told.Add(ProductNotice.Everything);
                }

                await AnnounceAsync(database, instance, told, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or TimeoutException)
            {
                LogLost(logger, exception);
            }
        }
    }

    [LoggerMessage(EventId = 9201, Level = LogLevel.Warning, Message = "Other instances could not be told of a change; they find it when what they remember is too old")]
    private static partial void LogLost(ILogger logger, Exception exception);
}

/// <summary>What tells the notices of this process from those of others.</summary>
internal sealed record InstanceName(string Value)
{
    /// <summary>For notices that this process also wants to hear.</summary>
    public static InstanceName All { get; } = new("");
}
