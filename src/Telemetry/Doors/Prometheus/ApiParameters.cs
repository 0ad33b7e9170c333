using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary>Parameters of a question: of the address, and of the form it was sent with.</summary>
internal sealed class ApiParameters
{
    /// <summary>Far enough from the ends of a long that a range or an offset cannot fall over them.</summary>
    public const long TimeMin = long.MinValue / 4;
    public const long TimeMax = long.MaxValue / 4;

    private readonly IQueryCollection _query;
    private readonly IFormCollection? _form;

    private ApiParameters(IQueryCollection query, IFormCollection? form) => (_query, _form) = (query, form);

    public static async Task<Outcome<ApiParameters>> ReadAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            return new ApiParameters(request.Query, null);
        }

        try
        {
            var options = new FormOptions { ValueLengthLimit = 1 << 20, ValueCountLimit = 1024, KeyLengthLimit = 256, BufferBodyLengthLimit = 4 << 20 };
            return new ApiParameters(request.Query, await request.ReadFormAsync(options, request.HttpContext.RequestAborted).ConfigureAwait(false));
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or BadHttpRequestException)
        {
            return Bad($"error parsing form values: {unreadable.Message}");
        }
    }

    public static Failure Bad(string detail) => new(FailureKind.Malformed, PromQlParser.BadExpression, detail);

    public static Failure Bad(string name, string problem) => Bad($"invalid parameter \"{name}\": {problem}");

    public IReadOnlyList<string> All(string name) =>
        [.. (_form is null ? StringValues.Empty : _form[name]).Concat(_query[name]).OfType<string>()];

    public string Text(string name) => All(name) is [var first, ..] ? first : "";

    public Outcome<long> Time(string name, long otherwise)
    {
        var text = Text(name);
        if (text.Length == 0)
        {
            return otherwise;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && !double.IsNaN(seconds))
        {
            return (long)Math.Clamp(Math.Round(seconds * 1000, MidpointRounding.AwayFromZero), TimeMin, TimeMax);
        }

        if (text.Contains('T', StringComparison.OrdinalIgnoreCase) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return date.ToUnixTimeMilliseconds();
        }

        return text switch
        {
            // How Prometheus writes the ends of time.
            "-292273086-05-16T16:47:06Z" => TimeMin,
            "292277025-08-18T07:12:54.999999999Z" => TimeMax,
            _ => Bad(name, $"cannot parse \"{text}\" to a valid timestamp"),
        };
    }

    /// <summary>From <c>start</c> to <c>end</c>, or all there is.</summary>
    public Outcome<(long From, long To)> Period()
    {
        var from = Time("start", TimeMin);
        var to = Time("end", TimeMax);
        return (from.Failure ?? to.Failure) is { } failure ? failure : (from.Value, to.Value);
    }

    /// <summary>Milliseconds, from seconds or a length such as <c>5m</c>.</summary>
    public Outcome<long> Duration(string name)
    {
        var text = Text(name);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds))
        {
            return Math.Abs(seconds) < 9e12 ? (long)(seconds * 1000) : Bad(name, $"cannot parse \"{text}\" to a valid duration. It overflows int64");
        }

        return PromQlDuration.TryParse(text, out var milliseconds) ? milliseconds : Bad(name, $"cannot parse \"{text}\" to a valid duration");
    }

    public Outcome<TimeSpan> Timeout()
    {
        if (Text("timeout").Length == 0)
        {
            return TimeSpan.MaxValue;
        }

        var timeout = Duration("timeout");
        return timeout.Failure is { } failure ? failure
            : timeout.Value > 0 ? TimeSpan.FromMilliseconds(Math.Min(timeout.Value, int.MaxValue)) : Bad("timeout", "it must be longer than nothing");
    }

    public Outcome<PromQlNode> Expression()
    {
        var read = PromQlParser.Parse(Text("query"));
        return read.Failure is { } failure ? Bad("query", failure.Detail) : read;
    }

    /// <summary>The selectors told with <c>match[]</c>.</summary>
    public Outcome<IReadOnlyList<IReadOnlyList<LabelMatcher>>> Matches()
    {
        var matches = new List<IReadOnlyList<LabelMatcher>>();
        foreach (var text in All("match[]"))
        {
            var selector = PromQlParser.ParseSelector(text);
            if (selector.Failure is { } failure)
            {
                return Bad("match[]", failure.Detail);
            }

            matches.Add(selector.Value.AllMatchers);
        }

        return matches;
    }

    /// <summary>How many things are wanted at most.</summary>
    public Outcome<int> Limit()
    {
        var text = Text("limit");
        return text.Length == 0 ? int.MaxValue
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit) ? (limit <= 0 ? int.MaxValue : limit)
            : Bad("limit", "it must be a whole number");
    }
}
