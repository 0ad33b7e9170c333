using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Service;

/// <summary>
/// How long the sender of a request still waits, as it says in X-Request-Timeout-Ms. Work nobody waits for is cancelled,
/// and calls made on its behalf get no longer than what is left.
/// </summary>
internal sealed class RequestDeadline : IDisposable
{
    private const string HeaderName = "X-Request-Timeout-Ms";
    private const int MillisecondsMax = 600_000;

    private readonly HttpContext _http;
    private readonly TimeProvider _time;
    private readonly CancellationToken _sender;
    private readonly CancellationTokenSource _passed;
    private readonly CancellationTokenSource _either;
    private readonly DateTimeOffset _at;

    private RequestDeadline(HttpContext http, TimeSpan wait, TimeProvider time)
    {
        (_http, _time, _sender, _at) = (http, time, http.RequestAborted, time.GetUtcNow() + wait);
        _passed = new CancellationTokenSource(wait, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_sender, _passed.Token);
        http.RequestAborted = _either.Token;
    }

    public TimeSpan Left => _at - _time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    public bool HasPassed => _passed.IsCancellationRequested && !_sender.IsCancellationRequested;

    public static Problem Problem { get; } =
        new(504, "deadlineExceeded", "The answer would come too late", $"The work was not done within the time that {HeaderName} allows. It may have been done in part; ask again before repeating it without an Idempotency-Key.");

    /// <summary>Null if the sender did not say, or said something that is no time.</summary>
    public static RequestDeadline? Begin(HttpContext http, TimeProvider time) =>
        http.Request.Headers[HeaderName] is { Count: 1 } header
        && int.TryParse(header[0], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds is > 0 and <= MillisecondsMax
            ? new RequestDeadline(http, TimeSpan.FromMilliseconds(milliseconds), time)
            : null;

    public void Dispose()
    {
        // The answer itself may still be written.
        _http.RequestAborted = _sender;
        _either.Dispose();
        _passed.Dispose();
    }
}
