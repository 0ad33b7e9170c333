using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Telemetry;

/// <summary>A condition on the labels of alerts as people type it: <c>service=orders</c>, <c>alertname=~"High.*"</c>, <c>severity!=info</c>. Pure.</summary>
internal sealed record SilenceMatcher(string Name, string Value, bool IsRegex, bool IsEqual)
{
    public static SilenceMatcher Parse(string text)
    {
        var at = text.IndexOfAny(['=', '!']);
        if (at <= 0)
        {
            throw Wrong(text);
        }

        var (length, regex, equal) = text[at..] switch
        {
            ['=', '~', ..] => (2, true, true),
            ['!', '~', ..] => (2, true, false),
            ['!', '=', ..] => (2, false, false),
            ['=', ..] => (1, false, true),
            _ => throw Wrong(text),
        };
        var value = text[(at + length)..].Trim();
        value = value is ['"', .. var inner, '"'] ? inner : value;
        return new SilenceMatcher(text[..at].Trim(), value, regex, equal);
    }

    public JsonObject ToJson() => new() { ["name"] = Name, ["value"] = Value, ["isRegex"] = IsRegex, ["isEqual"] = IsEqual };

    public override string ToString() => $"{Name}{(IsEqual ? IsRegex ? "=~" : "=" : IsRegex ? "!~" : "!=")}\"{Value}\"";

    private static CliFailure Wrong(string text) =>
        new($"matcher: write LABEL=VALUE, LABEL!=VALUE, LABEL=~PATTERN or LABEL!~PATTERN, not \"{text}\".", ExitCodes.Usage);
}
