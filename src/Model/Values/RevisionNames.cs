using System.Security.Cryptography;
using System.Text;

namespace Slipway.Model.Values;

/// <summary>Names the controller gives to the revisions of a configuration.</summary>
public static class RevisionNames
{
    private const int LengthMax = 63;
    private const int DigestLength = 32;

    /// <summary><c>{configuration}-{generation, five digits}</c>, shortened when it would not fit a DNS label.</summary>
    public static string For(string configuration, long generation) => Child(configuration, $"-{generation:00000}");

    /// <summary>
    /// A parent's name and a suffix. When both do not fit, the parent is cut and its MD5 keeps the name unique; the
    /// result is the same on every platform with these rules, which lets manifests with pinned names move between them.
    /// </summary>
    public static string Child(string parent, string suffix)
    {
        if (parent.Length + suffix.Length <= LengthMax)
        {
            return parent + suffix;
        }

#pragma warning disable CA5351 // The digest only keeps names apart; nothing secret or signed depends on it.
        var digest = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(parent)));
#pragma warning restore CA5351
        var head = Math.Max(0, LengthMax - DigestLength - suffix.Length);
        return parent[..Math.Min(parent.Length, head)] + digest + suffix;
    }
}
