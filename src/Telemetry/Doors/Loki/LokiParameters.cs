using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.Model.Failures;
using Slipway.Telemetry.Logs.Language;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary>The parameters of a request, from its address or its form.</summary>
internal sealed class LokiParameters
{
    private readonly IQueryCollection _query;
    private readonly IFormCollection? _form;

    private LokiParameters(IQueryCollection query, IFormCollection? form) => (_query, _form) = (query, form);

    public static async Task<Outcome<LokiParameters>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasFormContentType)
        {
            return new LokiParameters(request.Query, null);
        }

        try
        {
            return new LokiParameters(request.Query, await request.ReadFormAsync(cancellation).ConfigureAwait(false));
        }
        catch (Exception wrong) when (wrong is InvalidDataException or BadHttpRequestException)
        {
            return Wrong($"the form cannot be read: {wrong.Message}");
        }
    }

    public string? Text(string name) => All(name) is { Count: > 0 } values && values[0] is { Length: > 0 } value ? value : null;

    public StringValues All(string name) => _form is not null && _form.TryGetValue(name, out var values) ? values : _query[name];

    public Outcome<string> Required(string name) => Text(name) is { } text ? text : Wrong($"the parameter '{name}' is missing");

    public Outcome<int> Number(string name, int otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : Wrong($"the parameter '{name}' has to be a whole number, not '{Short(text)}'");
    }

    /// <summary>Nanoseconds since 1970 out of nanoseconds, seconds, or a time as RFC 3339 writes it.</summary>
    public Outcome<long> Time(string name, long otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            // Ten digits are seconds until the year 2286.
            return text.Length <= 10 ? Math.Min(whole, 9_000_000_000) * 1_000_000_000 : whole;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 9e9)
        {
            return (long)(decimal.Round((decimal)seconds, 6) * 1_000_000_000);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? (time - DateTimeOffset.UnixEpoch).Ticks * 100
            : Wrong($"the parameter '{name}' has to be nanoseconds or seconds since 1970, or a time such as 2024-01-31T12:00:00Z, not '{Short(text)}'");
    }

    /// <summary>Nanoseconds out of seconds, or of a duration such as 5m.</summary>
    public Outcome<long> Duration(string name, long otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        var known = Units.TryNumber(text, out var seconds);
        var nanoseconds = seconds * 1e9;
        known = known || Units.TryDuration(text, out nanoseconds);
        return known && nanoseconds is > 0 and < 9e18
            ? (long)nanoseconds
            : Wrong($"the parameter '{name}' has to be seconds or a duration such as 5m, more than 0, not '{Short(text)}'");
    }

    /// <summary>Start and end, or how long before the end it starts.</summary>
    public Outcome<(long From, long To)> Range(long now, long length)
    {
        var to = Time("end", now);
        if (to.Failure is { } failure)
        {
            return failure;
        }

        var since = Duration("since", length);
        if (since.Failure is { } wrongSince)
        {
            return wrongSince;
        }

        var from = Time("start", Math.Min(to.Value, now) - since.Value);
        if (from.Failure is { } wrongFrom)
        {
            return wrongFrom;
        }

        return from.Value <= to.Value ? (from.Value, to.Value) : Wrong("end timestamp must not be before or equal to start time");
    }

    private static string Short(string text) => text.Length > 64 ? text[..64] + "…" : text;

    private static Failure Wrong(string detail) => new(FailureKind.Malformed, "bad-parameter", detail);
}
