using System.Threading.Channels;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary>So many at a time. Others wait their turn, but not for long.</summary>
internal sealed class Turns(int count, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Channel<bool> _taken = Channel.CreateBounded<bool>(count);

    /// <returns>Whether it is one's turn; then <see cref="Leave"/> has to follow.</returns>
    public async Task<bool> EnterAsync(CancellationToken cancellation)
    {
        if (_taken.Writer.TryWrite(true))
        {
            return true;
        }

        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await _taken.Writer.WriteAsync(true, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Leave() => _taken.Reader.TryRead(out _);
}
