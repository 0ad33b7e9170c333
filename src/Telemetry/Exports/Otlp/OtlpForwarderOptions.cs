namespace Slipway.Telemetry.Exports.Otlp;

internal sealed record OtlpForwarderOptions
{
    /// <summary>Where another system takes OTLP over HTTP; <c>/v1/traces</c> and its like are put behind it.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Sent with every request, such as a key.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public bool Samples { get; init; }

    public bool Lines { get; init; }

    /// <summary>Items of each kind that wait at most; what comes then is dropped and counted.</summary>
    public int QueueMax { get; init; } = 20_000;

    public int BatchMax { get; init; } = 512;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a batch is tried again before it is dropped and counted.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Reads headers as OTEL_EXPORTER_OTLP_HEADERS has them: <c>name=value,name=value</c>, values percent-encoded.</summary>
    /// <returns>Nothing if they are not written that way.</returns>
    public static IReadOnlyList<KeyValuePair<string, string>>? ParseHeaders(string text)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 1 ? "" : part[..equals].Trim();
            var value = equals < 1 ? "" : Uri.UnescapeDataString(part[(equals + 1)..].Trim());
            if (name.Length == 0 || name.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')) || value.Any(char.IsControl))
            {
                return null;
            }

            headers.Add(KeyValuePair.Create(name, value));
        }

        return headers;
    }
}
