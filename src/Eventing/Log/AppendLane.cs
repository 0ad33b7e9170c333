using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Log;

/// <summary>
/// The one writer. While a group is on its way to the disk the next one gathers, so that the more publishers there are the
/// more events share a commit. At most 20,000 events or 32 MiB wait; more are refused with <c>log-busy</c>.
/// </summary>
internal sealed class AppendLane(NpgsqlDataSource database, Func<Topic, int, LogTail> tailOf, Func<CancellationToken, Task> reload, TimeProvider time, ILogger logger)
{
    private const int WaitingMax = 20_000;
    private const long WaitingBytesMax = 32 * 1024 * 1024;
    private const int GroupMax = 4_000;
    private const long GroupBytesMax = 8 * 1024 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Channel<AppendRequest> _requests = Channel.CreateUnbounded<AppendRequest>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private AppendStatement? _statement;
    private long _waiting;
    private long _waitingBytes;
    private bool _unsure;
    private bool _closed;

    public Task<Outcome<IReadOnlyList<Appended>>> PostAsync(AppendRequest request)
    {
        if (!Admit(request))
        {
            return Task.FromResult<Outcome<IReadOnlyList<Appended>>>(
                new Failure(FailureKind.Exhausted, "log-busy", "Too many events wait to be written. Send this again in a moment."));
        }

        if (Volatile.Read(ref _closed) || !_requests.Writer.TryWrite(request))
        {
            request.Fail(Away("The server is stopping."));
        }

        return request.Done;
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (await _requests.Reader.WaitToReadAsync(stopping))
            {
                await WriteAsync(Gather());
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop; what still waits was promised nothing.
        }
        finally
        {
            Volatile.Write(ref _closed, true);
            _requests.Writer.TryComplete();
            while (_requests.Reader.TryRead(out var request))
            {
                request.Fail(Away("The server is stopping."));
            }

            await ForgetAsync();
        }
    }

    private List<AppendRequest> Gather()
    {
        var group = new List<AppendRequest>();
        var (rows, bytes) = (0, 0L);
        while ((group.Count == 0 || (rows < GroupMax && bytes < GroupBytesMax)) && _requests.Reader.TryRead(out var request))
        {
            group.Add(request);
            rows += request.Rows.Length;
            bytes += request.Bytes;
            lock (_gate)
            {
                _waiting -= request.Rows.Length;
                _waitingBytes -= request.Bytes;
            }
        }

        return group;
    }

    private bool Admit(AppendRequest request)
    {
        lock (_gate)
        {
            if (_waiting + request.Rows.Length > WaitingMax || _waitingBytes + request.Bytes > WaitingBytesMax)
            {
                return false;
            }

            _waiting += request.Rows.Length;
            _waitingBytes += request.Bytes;
            return true;
        }
    }

    private async Task WriteAsync(List<AppendRequest> group)
    {
        // A group under way is finished also when the server stops: its publishers wait for the answer.
        using var patience = new CancellationTokenSource(s_patience, time);
        try
        {
            if (_unsure)
            {
                await reload(patience.Token);
                _unsure = false;
            }

            await StoreAsync(group, patience.Token);
        }
        catch (Exception failed) when (failed is NpgsqlException or TimeoutException or OperationCanceledException or IOException)
        {
            // The commit may have happened all the same; the next group starts from what the database then says.
            _unsure = true;
            EventingLog.AppendFailed(logger, failed);
            await ForgetAsync();
            group.ForEach(request => request.Fail(Away("The event log's database does not answer. Send this again in a moment.")));
        }
    }

    private async Task StoreAsync(List<AppendRequest> group, CancellationToken cancellation)
    {
        var firsts = new HashSet<(int, Guid)>();
        var rows = new List<AppendRow>();
        foreach (var row in group.SelectMany(request => request.Rows))
        {
            row.IsDuplicate = !firsts.Add((row.Topic.Number, row.Mark));
            if (!row.IsDuplicate)
            {
                rows.Add(row);
            }
        }

        var now = time.GetUtcNow();
        _statement ??= await AppendStatement.OpenAsync(database, cancellation);
        while (rows.Count > 0)
        {
            Place(rows);
            try
            {
                await _statement.ExecuteAsync(rows, now, cancellation);
                break;
            }
            catch (PostgresException repeated) when (repeated is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "seen" })
            {
                var seen = await _statement.SeenAsync(rows, cancellation);
                rows.ForEach(row => row.IsDuplicate = seen.Contains((row.Topic.Number, row.Mark)));
                rows.RemoveAll(row => row.IsDuplicate);
            }
        }

        foreach (var partition in ByPartition(rows))
        {
            tailOf(partition[0].Topic, partition[0].Partition).Publish(
                [.. partition.Select(row => new LogRecord(row.Partition, row.Place, now, row.Key, row.Event))], partition.Sum(row => (long)row.Size));
        }

        group.ForEach(request => request.Succeed());
    }

    private void Place(List<AppendRow> rows)
    {
        foreach (var partition in ByPartition(rows))
        {
            var tail = tailOf(partition[0].Topic, partition[0].Partition);
            var (place, bytes) = (tail.End, tail.BytesEnd);
            foreach (var row in partition)
            {
                (row.Place, row.BytesBefore) = (place++, bytes);
                bytes += row.Size;
            }
        }
    }

    private static Dictionary<(int, int), List<AppendRow>>.ValueCollection ByPartition(List<AppendRow> rows)
    {
        var partitions = new Dictionary<(int, int), List<AppendRow>>();
        foreach (var row in rows)
        {
            if (!partitions.TryGetValue((row.Topic.Number, row.Partition), out var own))
            {
                partitions.Add((row.Topic.Number, row.Partition), own = []);
            }

            own.Add(row);
        }

        return partitions.Values;
    }

    private async Task ForgetAsync()
    {
        if (_statement is { } statement)
        {
            _statement = null;
            await statement.DisposeAsync();
        }
    }

    private static Failure Away(string detail) => new(FailureKind.Unavailable, "log-unavailable", detail);
}
