namespace Slipway.Gateway.Routing;

internal static class QueryText
{
    private const int ParametersMax = 200;

    /// <summary>Names and values, decoded; of a repeated name the first value counts, as Gateway API asks.</summary>
    public static Dictionary<string, string> Parse(string query)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var range in query.AsSpan().TrimStart('?').Split('&'))
        {
            var part = query.AsSpan().TrimStart('?')[range];
            if (part.IsEmpty || parameters.Count == ParametersMax)
            {
                continue;
            }

            var equals = part.IndexOf('=');
            var name = Decode(equals < 0 ? part : part[..equals]);
            parameters.TryAdd(name, equals < 0 ? "" : Decode(part[(equals + 1)..]));
        }

        return parameters;
    }

    private static string Decode(ReadOnlySpan<char> text) => Uri.UnescapeDataString(text.ToString().Replace('+', ' '));
}
