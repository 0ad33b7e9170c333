using System.Text;
using System.Threading.Channels;
using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Sdk.Notices;

/// <summary>
/// Word of commits on its way to the other instances of the service. It goes through the database a moment after the commit and is no part
/// of it: the server lets only one transaction at a time commit with a notice. A full board keeps one word, "everything", instead of what no
/// longer fits.
/// </summary>
public sealed class InstanceNotices(Database.Database database, NoticeChannel channel)
{
    private const int Waiting = 4_096;

    /// <summary>The server takes less than 8,000 bytes in one notice.</summary>
    private const int BytesMax = 7_500;

    /// <summary>No notice of a service is empty.</summary>
    private const string Everything = "";

    private readonly Channel<string> _waiting = Channel.CreateBounded<string>(new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private int _lost;

    internal string ChannelName => channel.Name;

    /// <summary>What tells the notices of this process from those of others.</summary>
    internal string Instance { get; } = Guid.NewGuid().ToString("N");

    /// <summary>This instance has committed these and knows of them itself.</summary>
    /// <param name="notices">A line each, without line breaks.</param>
    public void Tell(IEnumerable<string> notices)
    {
        foreach (var notice in notices)
        {
            if (!_waiting.Writer.TryWrite(notice))
            {
                Volatile.Write(ref _lost, 1);
            }
        }
    }

    public void TellEverything() => Tell([Everything]);

    /// <summary>For commands, which end before anything that waits would be told. Every instance hears it.</summary>
    public Task AnnounceEverythingAsync(CancellationToken cancellation) => SendAsync($"\n{Everything}", cancellation);

    /// <summary>Word that is part of a transaction and heard by every instance, this one too; for changes after whose commit nothing runs here.</summary>
    public static Task TellInAsync(NpgsqlTransaction transaction, string channel, IReadOnlyList<string> notices, CancellationToken cancellation) =>
        transaction.Command("select pg_notify($1, $2)", channel, Write("", notices)).ExecuteAsync(cancellation);

    /// <summary>Waits for something to tell, and tells what has come together.</summary>
    internal async Task AnnounceAsync(CancellationToken cancellation)
    {
        await _waiting.Reader.WaitToReadAsync(cancellation);
        var told = new List<string>();
        while (told.Count < 100 && _waiting.Reader.TryRead(out var notice))
        {
            told.Add(notice);
        }

        if (Interlocked.Exchange(ref _lost, 0) == 1)
        {
            told.Add(Everything);
        }

        await SendAsync(Write(Instance, told), cancellation);
    }

    internal static string Write(string instance, IReadOnlyList<string> notices)
    {
        var text = string.Join('\n', notices.Prepend(instance));
        return Encoding.UTF8.GetByteCount(text) <= BytesMax ? text : $"{instance}\n{Everything}";
    }

    /// <summary>Gives to the reader what another instance wrote.</summary>
    internal void Read(string payload, INoticeReader reader)
    {
        var lines = payload.Split('\n');
        if (lines[0] == Instance)
        {
            return;
        }

        if (lines.AsSpan(1).Contains(Everything))
        {
            reader.Missed();
        }
        else
        {
            reader.Heard(lines[1..]);
        }
    }

    private async Task SendAsync(string text, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand("select pg_notify($1, $2)");
        command.Parameters.Add(new NpgsqlParameter { Value = channel.Name });
        command.Parameters.Add(new NpgsqlParameter { Value = text });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <param name="Name">Of the database's channel; a plain word.</param>
public sealed record NoticeChannel(string Name);
