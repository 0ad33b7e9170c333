using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Alerts;
using Slipway.Telemetry.Alerts.Routing;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Doors.Alertmanager;

/// <summary><c>/api/v2/silences</c> and <c>/api/v2/silence/{id}</c>.</summary>
internal sealed class SilencesDoor(AlertEngine engine)
{
    private const int MatchersMax = 64;
    private const int TextMax = 4096;

    public async Task ListAsync(HttpContext http)
    {
        var wanted = new List<LabelMatcher>();
        foreach (var text in http.Request.Query["filter"])
        {
            var matcher = MatcherText.Parse(text ?? "");
            if (matcher.Failure is { } failure)
            {
                await Replies.RefuseAsync(http, failure);
                return;
            }

            wanted.Add(matcher.Value);
        }

        var now = engine.Time.GetUtcNow();
        var shown = engine.Silences.All
            .Where(silence => wanted.All(one => one.Accepts(silence.Matchers.FirstOrDefault(matcher => matcher.Name == one.Name)?.Value ?? "")))
            .OrderBy(silence => silence.StateAt(now) switch { "active" => 0, "pending" => 1, _ => 2 })
            .ThenBy(silence => silence.EndsAt)
            .ToList();
        await Replies.WriteAsync(http, writer =>
        {
            writer.WriteStartArray();
            foreach (var silence in shown)
            {
                Write(writer, silence, now);
            }

            writer.WriteEndArray();
        });
    }

    public async Task GetAsync(HttpContext http)
    {
        if (engine.Silences.Find((string)http.Request.RouteValues["id"]!) is not { } silence)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await Replies.WriteAsync(http, writer => Write(writer, silence, engine.Time.GetUtcNow()));
    }

    public async Task DeleteAsync(HttpContext http)
    {
        if (engine.Silences.Expire((string)http.Request.RouteValues["id"]!) is { } failure)
        {
            await Replies.RefuseAsync(http, failure);
        }
    }

    public async Task PutAsync(HttpContext http)
    {
        using var body = await Replies.ReadAsync(http);
        if (body is null)
        {
            return;
        }

        var read = Read(body.RootElement);
        if (read.Failure is { } wrong)
        {
            await Replies.RefuseAsync(http, wrong);
            return;
        }

        var put = engine.Silences.Put(read.Value);
        if (put.Failure is { } failure)
        {
            await Replies.RefuseAsync(http, failure);
            return;
        }

        await Replies.WriteAsync(http, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("silenceID", put.Value);
            writer.WriteEndObject();
        });
    }

    private Outcome<Silence> Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return Wrong("body", "must be an object");
        }

        if (!body.TryGetProperty("matchers", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MatchersMax)
        {
            return Wrong("matchers", $"must be a list of 1 to {MatchersMax} matchers");
        }

        var matchers = new List<LabelMatcher>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || Text(item, "name") is not { Length: > 0 } name || Text(item, "value") is not { } value)
            {
                return Wrong($"matchers[{matchers.Count}]", "must have name, value and isRegex");
            }

            var (isRegex, isEqual) = (Flag(item, "isRegex", false), Flag(item, "isEqual", true));
            var matcher = MatcherText.Make(name, (isEqual, isRegex) switch
            {
                (true, false) => MatchKind.Equal,
                (false, false) => MatchKind.NotEqual,
                (true, true) => MatchKind.Matches,
                _ => MatchKind.NotMatches,
            }, value);
            if (matcher.Failure is { } failure)
            {
                return failure;
            }

            matchers.Add(matcher.Value);
        }

        if (matchers.TrueForAll(matcher => matcher.Accepts("")))
        {
            return Wrong("matchers", "at least one matcher must refuse the empty value, or everything would be silent");
        }

        var now = engine.Time.GetUtcNow();
        if (!Time(body, "startsAt", now, out var starts) || !Time(body, "endsAt", null, out var ends))
        {
            return Wrong("startsAt, endsAt", "must be RFC 3339 times");
        }

        if (ends <= starts)
        {
            return Wrong("endsAt", "must be after startsAt");
        }

        if (Text(body, "createdBy") is not { Length: > 0 and <= TextMax } author || Text(body, "comment") is not { Length: <= TextMax } comment)
        {
            return Wrong("createdBy, comment", $"must say who and why in at most {TextMax} characters");
        }

        return new Silence { Id = Text(body, "id") ?? "", Matchers = matchers, StartsAt = starts, EndsAt = ends, UpdatedAt = now, CreatedBy = author, Comment = comment };
    }

    private static Failure Wrong(string field, string detail) => new(FailureKind.Malformed, "bad-silence", $"{field}: {detail}");

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement item, string name, bool otherwise) =>
        item.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.True : otherwise;

    private static bool Time(JsonElement item, string name, DateTimeOffset? otherwise, out DateTimeOffset time)
    {
        time = otherwise ?? default;
        return Text(item, name) is { } text
            ? DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time)
            : otherwise is not null;
    }

    private static void Write(Utf8JsonWriter writer, Silence silence, DateTimeOffset now)
    {
        writer.WriteStartObject();
        writer.WriteString("id", silence.Id);
        writer.WriteStartObject("status");
        writer.WriteString("state", silence.StateAt(now));
        writer.WriteEndObject();
        writer.WriteString("updatedAt", Replies.Time(silence.UpdatedAt));
        writer.WriteString("comment", silence.Comment);
        writer.WriteString("createdBy", silence.CreatedBy);
        writer.WriteString("endsAt", Replies.Time(silence.EndsAt));
        writer.WriteStartArray("matchers");
        foreach (var matcher in silence.Matchers)
        {
            writer.WriteStartObject();
            writer.WriteBoolean("isEqual", matcher.Kind is MatchKind.Equal or MatchKind.Matches);
            writer.WriteBoolean("isRegex", matcher.Kind is MatchKind.Matches or MatchKind.NotMatches);
            writer.WriteString("name", matcher.Name);
            writer.WriteString("value", matcher.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("startsAt", Replies.Time(silence.StartsAt));
        writer.WriteEndObject();
    }
}
