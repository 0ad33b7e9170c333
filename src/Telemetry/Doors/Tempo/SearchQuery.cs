using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Traces.Searching;

namespace Slipway.Telemetry.Doors.Tempo;

/// <summary>
/// Reads what a search is asked by: <c>q</c> (TraceQL), <c>tags</c> (logfmt), <c>service</c>, <c>name</c>, <c>status</c>, <c>attribute</c>
/// (key=value, several), <c>minDuration</c>, <c>maxDuration</c>, <c>start</c> and <c>end</c> (seconds since 1970), <c>since</c>, <c>limit</c>.
/// </summary>
internal static class SearchQuery
{
    public static Outcome<TraceSearch> Read(IQueryCollection query, TimeProvider time)
    {
        var search = new TraceSearch();
        var q = query["q"].ToString();
        TraceCondition? condition = null;
        if (q.Length > 0)
        {
            var parsed = TraceQueryParser.Parse(q);
            if (parsed.Failure is { } broken)
            {
                return broken;
            }

            condition = parsed.Value;
        }

        var attributes = new List<KeyValuePair<string, string>>();
        if (Logfmt(query["tags"].ToString(), attributes) is { } mistake)
        {
            return Wrong("tags", mistake);
        }

        foreach (var pair in query["attribute"])
        {
            var equals = pair?.IndexOf('=', StringComparison.Ordinal) ?? -1;
            if (equals < 1)
            {
                return Wrong("attribute", $"'{pair}' must be written as key=value");
            }

            attributes.Add(KeyValuePair.Create(pair![..equals], pair[(equals + 1)..]));
        }

        var status = query["status"].ToString().ToLowerInvariant();
        if (status is not ("" or "error" or "ok" or "unset"))
        {
            return Wrong("status", "it must be error, ok or unset");
        }

        var form = TraceSearch.Of(query["service"], query["name"], status, attributes);
        if (form is not AnySpan)
        {
            condition = condition is null ? new SomeSpan(form) : new BothOf(condition, new SomeSpan(form));
        }

        var (shortest, longest) = (0L, long.MaxValue);
        if (!Duration(query["minDuration"], ref shortest))
        {
            return Wrong("minDuration", "it must be a duration such as 100ms or 1.5s");
        }

        if (!Duration(query["maxDuration"], ref longest))
        {
            return Wrong("maxDuration", "it must be a duration such as 100ms or 1.5s");
        }

        var (from, to) = (0L, long.MaxValue);
        if (!Instant(query["start"], ref from))
        {
            return Wrong("start", "it must be seconds or nanoseconds since 1970");
        }

        if (!Instant(query["end"], ref to))
        {
            return Wrong("end", "it must be seconds or nanoseconds since 1970");
        }

        var since = 0L;
        if (!Duration(query["since"], ref since))
        {
            return Wrong("since", "it must be a duration such as 15m or 1h");
        }

        if (since > 0)
        {
            from = Math.Max(from, ((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100) - since);
        }

        var limit = search.Limit;
        if (query["limit"].ToString() is { Length: > 0 } typed
            && (!int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > TraceSearch.LimitMax))
        {
            return Wrong("limit", $"it must be a number from 1 to {TraceSearch.LimitMax}");
        }

        return search with
        {
            Condition = condition ?? search.Condition,
            ShortestNanoseconds = shortest,
            LongestNanoseconds = longest,
            From = from,
            To = to,
            Limit = limit,
            WithUnkept = query["kept"].ToString() != "true",
        };
    }

    private static Failure Wrong(string field, string what) =>
        new(FailureKind.Invalid, "bad-query", $"{field}: {what}.") { Findings = [new Finding("invalid", what, field)] };

    private static bool Duration(string? typed, ref long nanoseconds)
    {
        if (string.IsNullOrEmpty(typed))
        {
            return true;
        }

        var parsed = TraceDuration.Parse(typed);
        nanoseconds = parsed ?? 0;
        return parsed is not null;
    }

    /// <summary>Seconds, as Tempo asks; nanoseconds are too large to be mistaken for them.</summary>
    private static bool Instant(string? typed, ref long nanoseconds)
    {
        if (string.IsNullOrEmpty(typed))
        {
            return true;
        }

        if (!double.TryParse(typed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue / 2)
        {
            return false;
        }

        nanoseconds = number > 1e12 ? (long)number : (long)(number * 1e9);
        return true;
    }

    /// <summary>Pairs with blanks between them; a value with blanks stands in quotation marks.</summary>
    /// <returns>What is wrong, or nothing.</returns>
    private static string? Logfmt(string text, List<KeyValuePair<string, string>> pairs)
    {
        var at = 0;
        while (true)
        {
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }

            if (at >= text.Length)
            {
                return null;
            }

            var equals = text.IndexOf('=', at);
            if (equals <= at)
            {
                return $"'{text[at..]}' must be written as key=value";
            }

            var key = text[at..equals];
            var value = new StringBuilder();
            at = equals + 1;
            if (at < text.Length && text[at] == '"')
            {
                for (at++; at < text.Length && text[at] != '"'; at++)
                {
                    value.Append(text[at] == '\\' && at + 1 < text.Length ? text[++at] : text[at]);
                }

                if (at++ >= text.Length)
                {
                    return "a closing quotation mark is missing";
                }
            }
            else
            {
                for (; at < text.Length && text[at] != ' '; at++)
                {
                    value.Append(text[at]);
                }
            }

            pairs.Add(KeyValuePair.Create(key, value.ToString()));
        }
    }
}
