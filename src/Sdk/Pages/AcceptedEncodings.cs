using System.Globalization;

namespace Slipway.Sdk.Pages;

/// <summary>Which of the forms we keep a reader understands.</summary>
[Flags]
internal enum AcceptedEncodings
{
    None = 0,
    Gzip = 1,
    Brotli = 2,
}

/// <summary>Reads <c>Accept-Encoding</c>. What cannot be understood counts as not accepted, so the plain form is sent.</summary>
internal static class AcceptEncoding
{
    /// <summary>A header longer than this is not worth reading; the plain form is always right.</summary>
    private const int LengthMax = 512;

    public static AcceptedEncodings Read(ReadOnlySpan<char> header)
    {
        if (header.Length is 0 or > LengthMax)
        {
            return AcceptedEncodings.None;
        }

        AcceptedEncodings accepted = AcceptedEncodings.None, refused = AcceptedEncodings.None;
        var everything = false;
        foreach (var range in header.Split(','))
        {
            var part = header[range].Trim();
            var semicolon = part.IndexOf(';');
            var name = (semicolon < 0 ? part : part[..semicolon]).Trim();
            var wanted = semicolon < 0 || IsWanted(part[(semicolon + 1)..].Trim());
            if (name is "*")
            {
                everything = wanted;
                continue;
            }

            var encoding = name.Equals("br", StringComparison.OrdinalIgnoreCase) ? AcceptedEncodings.Brotli
                : name.Equals("gzip", StringComparison.OrdinalIgnoreCase) ? AcceptedEncodings.Gzip
                : AcceptedEncodings.None;
            accepted |= wanted ? encoding : AcceptedEncodings.None;
            refused |= wanted ? AcceptedEncodings.None : encoding;
        }

        return (everything ? AcceptedEncodings.Gzip | AcceptedEncodings.Brotli : accepted) & ~refused;
    }

    /// <summary>A weight of zero means "never"; any other weight is a preference we answer with our own order.</summary>
    private static bool IsWanted(ReadOnlySpan<char> parameter) =>
        !parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        || (double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) && weight > 0);
}
