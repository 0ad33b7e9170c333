using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Live;

/// <summary>
/// What open streams are told of a state that other instances may change: it looks ten times a second, once for all streams of this
/// instance, and only while there are any. That costs the same however many listen, holds no connection and needs no instance to tell
/// another.
/// </summary>
public abstract partial class LookingFeed<TReader>(TimeProvider time, ILogger logger, int readersMax) : BackgroundService
    where TReader : class
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<TReader> _readers = [];
    private readonly Channel<bool> _came = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _readers.Count;
            }
        }
    }

    public void Leave(TReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }
    }

    /// <param name="refuse">Why this reader may not join those that are there; null lets it in.</param>
    protected Outcome<TReader> Join(TReader reader, Func<IReadOnlyList<TReader>, Problem?>? refuse = null)
    {
        lock (_lock)
        {
            if (_readers.Count >= readersMax)
            {
                return Problem.Unavailable("tooManyStreams", "This instance has no room for another stream.", TimeSpan.FromSeconds(5));
            }

            if (refuse?.Invoke(_readers) is { } problem)
            {
                return problem;
            }

            _readers.Add(reader);
        }

        _came.Writer.TryWrite(true);
        return reader;
    }

    /// <summary>Reads what the streams are about, and tells each of them.</summary>
    protected abstract Task LookAsync(IReadOnlyList<TReader> readers, CancellationToken cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _came.Reader.WaitToReadAsync(stoppingToken))
            {
                _came.Reader.TryRead(out _);
                while (await LookAgainAsync(stoppingToken))
                {
                    await Task.Delay(s_pace, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops; readers come back to another instance.
        }
    }

    /// <summary>False when nobody listens any more.</summary>
    private async Task<bool> LookAgainAsync(CancellationToken cancellation)
    {
        TReader[] readers;
        lock (_lock)
        {
            readers = [.. _readers];
        }

        if (readers.Length == 0)
        {
            return false;
        }

        try
        {
            await LookAsync(readers, cancellation);
        }
        catch (Exception exception) when (exception is ProblemException or NpgsqlException or TimeoutException)
        {
            LogFailed(logger, exception);
        }

        return true;
    }

    [LoggerMessage(EventId = 9131, Level = LogLevel.Debug, Message = "What open streams follow cannot be read at the moment; they wait")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
