using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Logs.Tailing;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary><c>tail</c>: first what there is already, then lines as they come, over a WebSocket or as server-sent events.</summary>
internal sealed class TailDoor(LokiApiServices services, Turns turns)
{
    private const int LimitDefault = 100;
    private const long Hour = 3_600_000_000_000;

    private static readonly TimeSpan s_sendTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_signOfLife = TimeSpan.FromSeconds(15);

    public async Task TailAsync(HttpContext context)
    {
        var events = context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
        if (!events && !context.WebSockets.IsWebSocketRequest)
        {
            await LokiAnswers.TextAsync(context, StatusCodes.Status400BadRequest, "tail needs a WebSocket, or 'Accept: text/event-stream'").ConfigureAwait(false);
            return;
        }

        var asked = await AskAsync(context).ConfigureAwait(false);
        if (asked.Failure is { } failure)
        {
            await LokiAnswers.FailureAsync(context, failure).ConfigureAwait(false);
            return;
        }

        using var tailing = asked.Value.Tailing;
        try
        {
            if (events)
            {
                await EventsAsync(context, asked.Value).ConfigureAwait(false);
            }
            else
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
                await SocketAsync(socket, asked.Value, context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (Exception left) when (left is OperationCanceledException or WebSocketException or IOException)
        {
            // The reader has gone, or took nothing for so long that it might as well have.
        }
    }

    private sealed record Asked(LineTailing Tailing, IReadOnlyList<LogLine> Before);

    private async Task<Outcome<Asked>> AskAsync(HttpContext context)
    {
        var read = await LokiParameters.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        if (read.Failure is { } failure)
        {
            return failure;
        }

        var now = (services.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var expression = read.Value.Required("query");
        var limit = read.Value.Number("limit", LimitDefault);
        var start = read.Value.Time("start", now - Hour);
        if ((expression.Failure ?? limit.Failure ?? start.Failure) is { } wrong)
        {
            return wrong;
        }

        // Listening before looking back: a line that comes in between is seen twice rather than never, and then left out once.
        var tailing = services.Engine.Tail(expression.Value);
        if (tailing.Failure is { } refused)
        {
            return refused;
        }

        var kept = false;
        try
        {
            var query = new LogQuery(expression.Value, start.Value, long.MaxValue) { Limit = limit.Value };
            var before = await BeforeAsync(query, context.RequestAborted).ConfigureAwait(false);
            if (before.Failure is { } tooMuch)
            {
                return tooMuch;
            }

            kept = true;
            return new Asked(tailing.Value, [.. before.Value.AsEnumerable().Reverse()]);
        }
        finally
        {
            if (!kept)
            {
                tailing.Value.Dispose();
            }
        }
    }

    private async Task<Outcome<LogLine[]>> BeforeAsync(LogQuery query, CancellationToken cancellation)
    {
        if (query.Limit == 0)
        {
            return Array.Empty<LogLine>();
        }

        if (!await turns.EnterAsync(cancellation).ConfigureAwait(false))
        {
            return new Failure(FailureKind.Exhausted, "too-many-queries", "too many outstanding requests");
        }

        try
        {
            var lines = await Task.Run(() => services.Engine.Query(query, cancellation), cancellation).ConfigureAwait(false);
            return lines.Failure is { } failure ? failure : lines.Value.Lines.ToArray();
        }
        finally
        {
            turns.Leave();
        }
    }

    private async Task EventsAsync(HttpContext context, Asked asked)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(": lines follow\n\n"u8.ToArray(), context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        await SendAllAsync(asked, SendAsync, () => SendAsync(": still here\n\n"u8.ToArray()), context.RequestAborted).ConfigureAwait(false);

        async Task SendAsync(byte[] message)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            patience.CancelAfter(s_sendTimeout);
            byte[] text = message[0] == (byte)':' ? message : [.. "data: "u8, .. message, .. "\n\n"u8];
            await context.Response.Body.WriteAsync(text, patience.Token).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(patience.Token).ConfigureAwait(false);
        }
    }

    private async Task SocketAsync(WebSocket socket, Asked asked, CancellationToken aborted)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var listening = ListenAsync(socket, left);
        try
        {
            await SendAllAsync(asked, SendAsync, () => Task.CompletedTask, left.Token).ConfigureAwait(false);
            await CloseAsync(socket, WebSocketCloseStatus.EndpointUnavailable, aborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            // The other side says good-bye, and hears it from us, too.
            await CloseAsync(socket, WebSocketCloseStatus.NormalClosure, aborted).ConfigureAwait(false);
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
            await listening.ConfigureAwait(false);
        }

        async Task SendAsync(byte[] message)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(left.Token);
            patience.CancelAfter(s_sendTimeout);
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, patience.Token).ConfigureAwait(false);
        }
    }

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status, CancellationToken aborted)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(status, "lines end here", aborted).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing is expected from the other side except that it leaves.</summary>
    private static async Task ListenAsync(WebSocket socket, CancellationTokenSource left)
    {
        var buffer = new byte[1_024];
        try
        {
            while ((await socket.ReceiveAsync(buffer, left.Token).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException or IOException)
        {
            // That is leaving, too.
        }

        await left.CancelAsync().ConfigureAwait(false);
    }

    private async Task SendAllAsync(Asked asked, Func<byte[], Task> send, Func<Task> signOfLife, CancellationToken cancellation)
    {
        if (asked.Before.Count > 0)
        {
            await send(Message(asked.Before, 0)).ConfigureAwait(false);
        }

        var seen = asked.Before.Select(line => (line.Nanoseconds, line.Labels, line.Line)).ToHashSet();
        Task<(IReadOnlyList<LogLine> Lines, long Dropped)?>? reading = null;
        while (true)
        {
            reading ??= asked.Tailing.ReadAsync(cancellation);
            if (!await HasComeAsync(reading, cancellation).ConfigureAwait(false))
            {
                await signOfLife().ConfigureAwait(false);
                continue;
            }

            if (await reading.ConfigureAwait(false) is not { } read)
            {
                return;
            }

            reading = null;
            var lines = seen.Count == 0 ? read.Lines : [.. read.Lines.Where(line => !seen.Contains((line.Nanoseconds, line.Labels, line.Line)))];
            seen = [];
            if (lines.Count > 0 || read.Dropped > 0)
            {
                await send(Message(lines, read.Dropped)).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> HasComeAsync(Task reading, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waiting = Task.Delay(s_signOfLife, services.Time, enough.Token);
        var first = await Task.WhenAny(reading, waiting).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        return first == reading;
    }

    /// <summary>
    /// In Loki's form. It names dropped lines one by one; how many there were is all we know of them, so there is one entry for all,
    /// and their number beside it.
    /// </summary>
    private byte[] Message(IReadOnlyList<LogLine> lines, long dropped)
    {
        using var message = new MemoryStream();
        using (var json = LokiAnswers.Json(message))
        {
            json.WriteStartObject();
            json.WriteStartArray("streams");
            foreach (var stream in lines.GroupBy(line => line.Labels))
            {
                json.WriteStartObject();
                LokiAnswers.Labels(json, "stream", stream.Key);
                json.WriteStartArray("values");
                foreach (var line in stream)
                {
                    LokiAnswers.Value(json, line);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (dropped > 0)
            {
                json.WriteStartArray("dropped_entries");
                json.WriteStartObject();
                LokiAnswers.Labels(json, "labels", LabelSet.Empty);
                json.WriteString("timestamp", services.Time.GetUtcNow());
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteNumber("dropped", dropped);
            }

            json.WriteEndObject();
        }

        return message.ToArray();
    }
}
