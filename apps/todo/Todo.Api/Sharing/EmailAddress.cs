using System.Text.RegularExpressions;
using Slipway.Sdk.Problems;

namespace Todo.Api.Sharing;

/// <summary>Addresses are compared in lower case. Whether one exists is proven by the identity service, not here.</summary>
internal static partial class EmailAddress
{
    public const int LengthMax = 254;

    public static string Check(Findings findings, string pointer, string? value)
    {
        var text = findings.Text(pointer, value, LengthMax).ToLowerInvariant();
        if (text.Length > 0 && !Shape().IsMatch(text))
        {
            findings.Add(pointer, "notAnEmail", "This is no e-mail address such as ann@example.org.");
        }

        return text;
    }

    [GeneratedRegex(@"\A[^@\s,;<>""]{1,64}@[^@\s,;<>""]+\.[^@\s,;<>""]+\z")]
    private static partial Regex Shape();
}
