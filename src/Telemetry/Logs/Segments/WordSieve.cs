using System.Numerics;

namespace Slipway.Telemetry.Logs.Segments;

/// <summary>
/// Tells without reading a block that a text cannot be in it. Two parts: which triples of letters occur at all, which sorts out
/// words of a language wherever they stand in a word; and a Bloom filter of the words that have digits in them, such as ids, which
/// consist of so many triples that those would say nothing. It may err in one direction only: "perhaps".
/// </summary>
internal static class WordSieve
{
    public const int TripleBytes = ((26 * 26 * 26) + 7) / 8;

    private const int BitsPerWord = 10;
    private const int Probes = 5;
    private const int WordMin = 4;
    private const int IdLength = 32;

    /// <summary>Longer words are not looked into; a block that has one says "perhaps" to every id at the edge of a text.</summary>
    private const int WordMax = 64;

    /// <summary>The first byte: whether there are words of which an id may be an unnoticed part.</summary>
    private const int FlagBytes = 1;

    internal static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value >= 0x80 || value == (byte)'_';

    /// <param name="text">Lines, each with a line feed behind it.</param>
    /// <param name="words">The digits-in-them words of the text, as hashes; traces may be among them already.</param>
    public static byte[] Build(ReadOnlySpan<byte> text, HashSet<ulong> words)
    {
        Span<byte> triples = stackalloc byte[TripleBytes];
        triples.Clear();
        var longWords = false;
        var start = -1;
        var digits = false;
        var letters = 0;
        var triple = 0;
        for (var index = 0; index <= text.Length; index++)
        {
            var value = index < text.Length ? text[index] : (byte)' ';
            var letter = (value | 0x20) - 'a';
            if ((uint)letter < 26)
            {
                triple = ((triple * 26) + letter) % (26 * 26 * 26);
                if (++letters >= 3)
                {
                    triples[triple >> 3] |= (byte)(1 << (triple & 7));
                }

                start = start < 0 ? index : start;
                continue;
            }

            letters = 0;
            if (IsWord(value))
            {
                digits |= char.IsAsciiDigit((char)value);
                start = start < 0 ? index : start;
                continue;
            }

            if (start >= 0)
            {
                if (digits && index - start >= WordMin)
                {
                    longWords |= !AddWord(text[start..index], words);
                }

                start = -1;
                digits = false;
            }
        }

        return Encode(triples, words, longWords);
    }

    private static bool AddWord(ReadOnlySpan<byte> word, HashSet<ulong> words)
    {
        words.Add(Hash(word));
        if (word.Length <= IdLength)
        {
            return true;
        }

        if (word.Length > WordMax)
        {
            return false;
        }

        for (var index = 0; index + IdLength <= word.Length; index++)
        {
            words.Add(Hash(word.Slice(index, IdLength)));
        }

        return true;
    }

    private static byte[] Encode(ReadOnlySpan<byte> triples, HashSet<ulong> words, bool longWords)
    {
        var bits = Math.Max(64u, BitOperations.RoundUpToPowerOf2((uint)(words.Count * BitsPerWord * 3 / 4)));
        var sieve = new byte[FlagBytes + TripleBytes + (bits / 8)];
        sieve[0] = longWords ? (byte)1 : (byte)0;
        triples.CopyTo(sieve.AsSpan(FlagBytes));
        var bloom = sieve.AsSpan(FlagBytes + TripleBytes);
        foreach (var word in words)
        {
            var (at, step) = Places(word);
            for (var probe = 0; probe < Probes; probe++, at += step)
            {
                var bit = at & (bits - 1);
                bloom[(int)(bit >> 3)] |= (byte)(1 << (int)(bit & 7));
            }
        }

        return sieve;
    }

    /// <summary>False if no line of the block can hold the text.</summary>
    /// <param name="sameCase">Whether capitals matter; ids are looked for only if they do.</param>
    public static bool MayHold(ReadOnlySpan<byte> sieve, ReadOnlySpan<byte> text, bool sameCase = true)
    {
        if (sieve.Length < FlagBytes + TripleBytes + 8)
        {
            return true;
        }

        var start = 0;
        for (var index = 0; index <= text.Length; index++)
        {
            if (index < text.Length && IsWord(text[index]))
            {
                continue;
            }

            var word = text[start..index];
            if (!HasTriples(sieve, word))
            {
                return false;
            }

            // A word at the edge of the text may be a part of a longer one; only inside is it whole, or where an id is as long as ids are.
            var whole = start > 0 && index < text.Length;
            var id = word.Length == IdLength && sieve[0] == 0;
            if (sameCase && (whole ? word.Length >= WordMin : id) && word.ContainsAnyInRange((byte)'0', (byte)'9') && !HasWord(sieve, Hash(word)))
            {
                return false;
            }

            start = index + 1;
        }

        return true;
    }

    public static bool MayHold(ReadOnlySpan<byte> sieve, UInt128 trace) =>
        sieve.Length < FlagBytes + TripleBytes + 8 || HasWord(sieve, Hash(trace));

    private static bool HasTriples(ReadOnlySpan<byte> sieve, ReadOnlySpan<byte> word)
    {
        var triples = sieve.Slice(FlagBytes, TripleBytes);
        var letters = 0;
        var triple = 0;
        foreach (var value in word)
        {
            var letter = (value | 0x20) - 'a';
            if ((uint)letter >= 26)
            {
                letters = 0;
                continue;
            }

            triple = ((triple * 26) + letter) % (26 * 26 * 26);
            if (++letters >= 3 && (triples[triple >> 3] & (1 << (triple & 7))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasWord(ReadOnlySpan<byte> sieve, ulong word)
    {
        var bloom = sieve[(FlagBytes + TripleBytes)..];
        var mask = (uint)(bloom.Length * 8) - 1;
        var (at, step) = Places(word);
        for (var probe = 0; probe < Probes; probe++, at += step)
        {
            var bit = at & mask;
            if ((bloom[(int)(bit >> 3)] & (1 << (int)(bit & 7))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static (uint At, uint Step) Places(ulong word) => ((uint)word, (uint)(word >> 32) | 1);

    /// <summary>The same on every machine and in every process, since it is kept in files.</summary>
    internal static ulong Hash(ReadOnlySpan<byte> word)
    {
        var hash = 0xcbf29ce484222325 ^ (ulong)word.Length;
        foreach (var value in word)
        {
            hash = (hash ^ value) * 0x100000001b3;
        }

        hash ^= hash >> 32;
        hash *= 0xd6e8feb86659fd93;
        return hash ^ (hash >> 32);
    }

    /// <summary>As the hash of its 32 digits, so that a trace written in the line and one beside it are the same word.</summary>
    internal static ulong Hash(UInt128 trace)
    {
        Span<byte> digits = stackalloc byte[IdLength];
        TraceDigits.Write(trace, digits);
        return Hash(digits);
    }
}
