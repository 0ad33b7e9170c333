using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Live;

/// <summary>
/// Server-sent events. A silent stream says that it is alive every 15 seconds, so proxies keep it and readers notice when
/// it is not; a drain ends it cleanly and the reader comes back to another instance with its last id.
/// </summary>
public static class LiveStream
{
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(15);
    private static readonly byte[] s_alive = ": alive\n\n"u8.ToArray();

    /// <summary>Where the reader left off.</summary>
    public static string? LastEventId(HttpRequest request) =>
        request.Headers["Last-Event-ID"] is { Count: 1 } header && header[0] is { Length: > 0 and <= 200 } id && !id.Any(char.IsControl) ? id : null;

    /// <summary>Sends the events until they end, the reader leaves or the service stops.</summary>
    public static async Task WriteAsync(HttpContext http, IAsyncEnumerable<LiveEvent> events, CancellationToken cancellation)
    {
        var time = http.RequestServices.GetRequiredService<TimeProvider>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, http.RequestAborted, http.RequestServices.GetRequiredService<Drain>().Token);
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        var reader = events.GetAsyncEnumerator(ended.Token);
        Task<bool>? next = null;
        try
        {
            await SendAsync(http, "retry: 2000\n\n"u8.ToArray(), ended.Token);
            while (true)
            {
                next ??= reader.MoveNextAsync().AsTask();
                using var pause = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
                if (!next.IsCompleted && await Task.WhenAny(next, Task.Delay(s_heartbeat, time, pause.Token)) != next)
                {
                    ended.Token.ThrowIfCancellationRequested();
                    await SendAsync(http, s_alive, ended.Token);
                    continue;
                }

                await pause.CancelAsync();
                if (!await next)
                {
                    return;
                }

                await SendAsync(http, Format(reader.Current), ended.Token);
                next = null;
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader left or comes back elsewhere; either way the stream is over and nothing went wrong.
        }
        finally
        {
            await FinishAsync(reader, next);
        }
    }

    internal static byte[] Format(LiveEvent item)
    {
        var text = new StringBuilder(item.Json.Length + 64);
        Field(text, "id", item.Id);
        Field(text, "event", item.Type);
        foreach (var line in item.Json.AsSpan().EnumerateLines())
        {
            text.Append("data: ").Append(line).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    private static void Field(StringBuilder text, string name, string value)
    {
        // A line break in a field would begin another field, chosen by whoever made the value.
        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw new ArgumentException($"The {name} of an event must be one line.", nameof(value));
        }

        if (value.Length > 0)
        {
            text.Append(name).Append(": ").Append(value).Append('\n');
        }
    }

    private static async Task SendAsync(HttpContext http, byte[] bytes, CancellationToken cancellation)
    {
        await http.Response.Body.WriteAsync(bytes, cancellation);
        await http.Response.Body.FlushAsync(cancellation);
    }

    /// <summary>An enumerator must not be disposed while it is moving, so its last step is awaited first.</summary>
    private static async ValueTask FinishAsync(IAsyncEnumerator<LiveEvent> reader, Task<bool>? moving)
    {
        if (moving is not null)
        {
            await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reader.DisposeAsync();
    }
}
