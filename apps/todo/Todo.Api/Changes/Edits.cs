using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Retries;
using Todo.Api.Live;

namespace Todo.Api.Changes;

/// <summary>Runs writes: one transaction each, safe to repeat by key, named in the reply so that they can be undone.</summary>
internal sealed class Edits(Database database, ChangeSignal signal, ChangeAudit audit, ChangeMetrics metrics, TimeProvider time)
{
    public const string Header = "Undo";

    public async Task<Reply> RunAsync(HttpContext http, Func<Edit, CancellationToken, Task<Reply>> effect, CancellationToken cancellation)
    {
        var actor = Actor.Of(http);
        Edit? last = null;
        var reply = await Idempotent.RunAsync(
            http,
            database,
            async (transaction, token) =>
            {
                var edit = new Edit(transaction, actor, Guid.CreateVersion7(time.GetUtcNow()), Moment());
                last = null;
                var answer = await effect(edit, token);
                if (answer.Status >= 400)
                {
                    return answer;
                }

                await edit.SaveAsync(token);
                await audit.AppendAsync(http, edit, token);
                last = edit;
                return edit.HasChanges ? answer.With(Header, edit.Id.ToString()) : answer;
            },
            cancellation);
        if (last is { HasChanges: true })
        {
            metrics.Count(last);
            signal.Raise();
        }

        return reply;
    }

    /// <summary>The same for work that no request asks for.</summary>
    public async Task<T> RunAsync<T>(Actor actor, Func<Edit, CancellationToken, Task<T>> effect, CancellationToken cancellation)
    {
        Edit? last = null;
        var result = await database.WriteAsync(
            async (transaction, token) =>
            {
                var edit = new Edit(transaction, actor, Guid.CreateVersion7(time.GetUtcNow()), Moment());
                var value = await effect(edit, token);
                await edit.SaveAsync(token);
                last = edit;
                return value;
            },
            cancellation);
        if (last is { HasChanges: true })
        {
            metrics.Count(last);
            signal.Raise();
        }

        return result;
    }

    /// <summary>Instants travel with milliseconds; what is stored must not be finer than what is told.</summary>
    private DateTimeOffset Moment()
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }
}
