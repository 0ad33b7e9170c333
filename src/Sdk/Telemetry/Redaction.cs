using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Sdk.Telemetry;

/// <summary>Keeps secrets out of log lines, by the name of a value and by the look of a text.</summary>
internal static partial class Redaction
{
    public const string Mark = "***";

    private static readonly SearchValues<char> s_between = SearchValues.Create(" \t\r\n\f\v:=");

    private static readonly string[] s_names = ["password", "passwd", "token", "secret", "authorization", "cookie", "apikey", "code", "credential", "privatekey"];

    // Codes that are no secrets: they say what happened.
    private static readonly string[] s_harmless = ["statuscode", "errorcode", "problemcode", "exitcode", "sqlstatecode", "reasoncode", "countrycode", "currencycode", "languagecode"];

    public static bool IsSecret(string name)
    {
        var plain = Plain(name);
        foreach (var harmless in s_harmless)
        {
            if (plain.EndsWith(harmless, StringComparison.Ordinal))
            {
                return false;
            }
        }

        foreach (var secret in s_names)
        {
            if (plain.EndsWith(secret, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text without what looks like a credential in it.</summary>
    public static string Scrub(string text) => MayHoldSecret(text) ? Credentials().Replace(text, match => match.Groups["keep"].Value + Mark) : text;

    /// <summary>A cheap look, since nearly every line is harmless and the expression is not loaded until one is not.</summary>
    private static bool MayHoldSecret(string text) =>
        text.Contains("slp_", StringComparison.Ordinal)
        || text.Contains("eyJ", StringComparison.Ordinal)
        || (MayNameSecret(text) && HasNameOfSecret(text));

    /// <summary>Whatever names a secret puts one of these between the name and the secret.</summary>
    private static bool MayNameSecret(string text) => text.AsSpan().ContainsAny(s_between) || !Ascii.IsValid(text);

    private static bool HasNameOfSecret(string text) =>
        text.Contains("://", StringComparison.Ordinal)
        || text.Contains("bearer", StringComparison.OrdinalIgnoreCase)
        || text.Contains("basic", StringComparison.OrdinalIgnoreCase)
        || text.Contains("password", StringComparison.OrdinalIgnoreCase)
        || text.Contains("pwd", StringComparison.OrdinalIgnoreCase)
        || text.Contains("secret", StringComparison.OrdinalIgnoreCase)
        || text.Contains("token", StringComparison.OrdinalIgnoreCase)
        || text.Contains("apikey", StringComparison.OrdinalIgnoreCase)
        || text.Contains("cookie", StringComparison.OrdinalIgnoreCase)
        || text.Contains("code=", StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) => string.Create(name.Length, name, static (span, source) =>
    {
        var at = 0;
        foreach (var character in source)
        {
            if (char.IsLetterOrDigit(character))
            {
                span[at++] = char.ToLowerInvariant(character);
            }
        }

        span[at..].Fill(' ');
    }).TrimEnd();

    [GeneratedRegex(
        """(?<keep>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}|slp_[A-Za-z0-9_-]{4,}|eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?|(?<keep>[a-z][a-z0-9+.-]*://[^\s:/@]{0,100}:)[^\s@/]+(?=@)|(?<keep>\b(?:set-cookie|cookie)\s*:\s*)[^\r\n]+|(?<keep>(?:password|passwd|pwd|secret|token|api[_-]?key|(?<![a-z])code)["']?\s*[=:]\s*["']?)[^\s"'&;,}]+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Credentials();
}
