using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Slipway.Registry.Content;

/// <summary>The name of content: <c>sha256:</c> and 64 lower-case hexadecimal digits. No other algorithm is kept here.</summary>
public sealed partial record Digest
{
    private Digest(string hex) => Hex = hex;

    public string Hex { get; }

    public static Digest Of(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content)));

    public static Digest OfHash(ReadOnlySpan<byte> sha256) => new(Convert.ToHexStringLower(sha256));

    public static bool TryParse(string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = text is not null && Shape().IsMatch(text) ? new Digest(text["sha256:".Length..]) : null;
        return digest is not null;
    }

    /// <summary>For file names that are bare digests; anything else in such a folder is not ours.</summary>
    internal static bool TryParseHex(string? hex, [NotNullWhen(true)] out Digest? digest) => TryParse("sha256:" + hex, out digest);

    public override string ToString() => "sha256:" + Hex;

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
