namespace Slipway.Model.Values;

/// <summary>Completes a <c>generateName</c> prefix.</summary>
public static class GeneratedNames
{
    public const int SuffixLength = 5;

    /// <summary>No vowels and no look-alikes, so that no name spells a word or is misread.</summary>
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    private const int LengthMax = 63;

    public static string Suffix(Random random) => new(random.GetItems<char>(Alphabet, SuffixLength));

    public static string Complete(string prefix, Random random) =>
        prefix[..Math.Min(prefix.Length, LengthMax - SuffixLength)] + Suffix(random);
}
