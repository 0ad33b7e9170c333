using System.Text.RegularExpressions;

namespace Slipway.Identity.Accounts;

/// <summary>E-mail addresses are kept as typed and compared in lower case. Whether one exists only a mail can tell, so the shape is judged kindly.</summary>
public static partial class EmailAddress
{
    public const int LengthMax = 254;

    public static string Normalise(string typed) => typed.Trim().ToLowerInvariant();

    public static bool IsWellFormed(string address) =>
        address.Length <= LengthMax && address.IndexOf('@', StringComparison.Ordinal) <= 64 && Shape().IsMatch(address);

    [GeneratedRegex("""^[^\s@<>()\[\]\\,;:"\p{C}]+@[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)*$""", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
