using System.Text.RegularExpressions;
using Slipway.Sdk.Problems;

namespace Todo.Api.Lists;

/// <summary>What a list may be called and look like.</summary>
internal static partial class ListRules
{
    public const int NameMax = 100;

    public static string Name(Findings findings, string? name) => findings.Text("/name", name, NameMax);

    public static string? Color(Findings findings, string? color)
    {
        if (color is not null && !Shape().IsMatch(color))
        {
            findings.Add("/color", "notAColor", "The color is #rrggbb or a short lower-case name such as teal.");
        }

        return color;
    }

    [GeneratedRegex(@"\A(#[0-9A-Fa-f]{6}|[a-z]{2,20})\z")]
    private static partial Regex Shape();
}
