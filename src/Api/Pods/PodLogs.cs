using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Runtime.Logs;

namespace Slipway.Api.Pods;

/// <summary><c>pods/{name}/log</c>: what an instance has written, and what it writes while the caller listens.</summary>
internal sealed class PodLogs(ApiServices services)
{
    public Reply Answer(ApiRequest request)
    {
        if (services.Store.Get(request.Key) is not { } pod)
        {
            return Failures.NotFound(request.Kind, request.Path.Name);
        }

        if (ContainerProblem(pod, request.Query("container")) is { } wrongContainer)
        {
            return wrongContainer;
        }

        var parameters = Read(request);
        if (parameters.Failure is { } wrong)
        {
            return wrong;
        }

        if (request.Flag("previous"))
        {
            return Failures.BadRequest(
                $"previous terminated container in pod \"{pod.Name}\" not found: an instance that ended is replaced by one with a new name");
        }

        return new Reply.Streamed(http => StreamAsync(http, pod.Name, parameters.Value));
    }

    private async Task StreamAsync(HttpContext http, string instance, LogParameters parameters)
    {
        http.Response.ContentType = "text/plain";
        if (!services.Logs.Exists(instance))
        {
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, services.Stopping);
        var left = parameters.LimitBytes;
        try
        {
            if (parameters.Query.Follow)
            {
                // Headers now: a follower of a silent instance must know that it is connected.
                await http.Response.Body.FlushAsync(end.Token).ConfigureAwait(false);
            }

            await foreach (var line in services.Logs.ReadAsync(instance, parameters.Query, end.Token).ConfigureAwait(false))
            {
                var text = parameters.Timestamps
                    ? $"{line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff00'Z'", CultureInfo.InvariantCulture)} {line.Text}\n"
                    : line.Text + "\n";
                var bytes = Encoding.UTF8.GetBytes(text);
                var count = (int)Math.Min(bytes.Length, left);
                await http.Response.Body.WriteAsync(bytes.AsMemory(0, count), end.Token).ConfigureAwait(false);
                left -= count;
                if (parameters.Query.Follow)
                {
                    await http.Response.Body.FlushAsync(end.Token).ConfigureAwait(false);
                }

                if (left == 0)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (services.Stopping.IsCancellationRequested)
        {
            // The server stops: the stream ends where it is.
        }
    }

    private sealed record LogParameters(LogQuery Query, long LimitBytes, bool Timestamps);

    private Outcome<LogParameters> Read(ApiRequest request)
    {
        int? tail = null;
        var tailText = request.Query("tailLines");
        if (tailText.Length > 0)
        {
            if (!int.TryParse(tailText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var lines))
            {
                return Failures.BadRequest($"tailLines: expected a whole number, got \"{tailText}\"");
            }

            tail = lines < 0 ? null : lines;
        }

        DateTimeOffset? since = null;
        if (request.Query("sinceSeconds") is { Length: > 0 } secondsText)
        {
            if (!int.TryParse(secondsText, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds == 0)
            {
                return Failures.BadRequest($"sinceSeconds: expected a whole number of 1 or more, got \"{secondsText}\"");
            }

            since = services.Time.GetUtcNow() - TimeSpan.FromSeconds(seconds);
        }

        if (request.Query("sinceTime") is { Length: > 0 } timeText)
        {
            if (since is not null)
            {
                return Failures.BadRequest("at most one of sinceTime or sinceSeconds may be specified");
            }

            if (!DateTimeOffset.TryParse(timeText, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            {
                return Failures.BadRequest($"sinceTime: expected an RFC 3339 time, got \"{timeText}\"");
            }

            since = instant;
        }

        var limit = long.MaxValue;
        if (request.Query("limitBytes") is { Length: > 0 } limitText
            && (!long.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit == 0))
        {
            return Failures.BadRequest($"limitBytes: expected a whole number of 1 or more, got \"{limitText}\"");
        }

        return new LogParameters(new LogQuery(request.Flag("follow"), tail, since), limit, request.Flag("timestamps"));
    }

    private static Failure? ContainerProblem(Resource pod, string wanted)
    {
        var spec = pod.RawField("spec");
        if (spec.IsEmpty || JsonNode.Parse(spec.Span)?["containers"] is not JsonArray containers)
        {
            return null;
        }

        var names = containers.Select(container => container?["name"]?.GetValue<string>() ?? "").ToList();
        if (wanted.Length == 0)
        {
            return names.Count > 1
                ? Failures.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', names)}]")
                : null;
        }

        return names.Contains(wanted)
            ? null
            : Failures.BadRequest($"container {wanted} is not valid for pod {pod.Name}");
    }
}
