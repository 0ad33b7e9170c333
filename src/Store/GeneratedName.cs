using System.Security.Cryptography;

namespace Slipway.Store;

/// <summary><c>metadata.generateName</c> with a short random suffix.</summary>
internal static class GeneratedName
{
    private const int SuffixLength = 5;

    /// <summary>No vowels and nothing that looks like something else: names are read aloud and must not become words.</summary>
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static string After(string prefix, Random? random) =>
        prefix + (random is null
            ? RandomNumberGenerator.GetString(Letters, SuffixLength)
            : string.Create(SuffixLength, random, static (span, random) => random.GetItems(Letters.AsSpan(), span)));
}
