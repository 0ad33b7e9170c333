using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static Slipway.Identity.Passwords.BlowfishTables;

namespace Slipway.Identity.Passwords;

/// <summary>
/// Up to four bcrypt hashes at once on one core. A single hash is a long chain of table look-ups that each wait for the one before, so
/// a core idles most of that time; four independent chains side by side take a third longer than one. The result is bcrypt's, letter
/// by letter; <see cref="IsTrusted"/> compares it with the C library before anything relies on it.
/// </summary>
internal static unsafe class BcryptLanes
{
    public const int Lanes = 4;

    private const int SaltWords = 4;
    private const int TextWords = 6;
    private const int KeyAt = Words;
    private const int SaltAt = KeyAt + KeyWords;
    private const int TextAt = SaltAt + KeyWords;

    /// <summary>Tables, key, salt spread as wide as the keys, and text of one lane, rounded up to whole cache lines.</summary>
    private const int LaneWords = (TextAt + TextWords + 15) / 16 * 16;

    private const int HashBytes = 23;
    private const int TextRounds = 64;

    private static readonly uint[] s_text = Words32("OrpheanBeholderScryDoubt"u8);

    /// <summary>It agrees with the C library about phrases of every length and several costs.</summary>
    public static bool IsTrusted { get; } = Agrees();

    /// <summary>
    /// Whether the lanes take it: the modern variants of bcrypt, completely written. A phrase with a zero in it, which the C library
    /// refuses, is left to be refused there.
    /// </summary>
    public static bool Takes(BcryptTask task) =>
        task.Setting is ['$', '2', 'b' or 'y', '$', _, _, '$', ..] setting && setting.Length >= Bcrypt.SettingCharacters
        && Bcrypt.CostOf(setting.AsSpan()) is >= Bcrypt.CostMin and <= Bcrypt.CostMax && Bcrypt.SaltOf(setting) is not null
        && !task.Phrase.AsSpan().Contains((byte)0);

    /// <summary>The hashes of up to <see cref="Lanes"/> phrases that are taken and name the same cost.</summary>
    public static string[] Hash(ReadOnlySpan<BcryptTask> tasks)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tasks.Length is > 0 and <= Lanes, true);
        const int Bytes = Lanes * LaneWords * sizeof(uint);
        var lanes = (uint*)NativeMemory.AlignedAlloc(Bytes, 64);
        try
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                // A lane nobody asked for repeats the first one: four cost the same as three.
                Fill(lanes + (lane * LaneWords), tasks[lane < tasks.Length ? lane : 0]);
            }

            Stretch(lanes, 1u << Bcrypt.CostOf(tasks[0].Setting.AsSpan()));
            var hashes = new string[tasks.Length];
            for (var lane = 0; lane < tasks.Length; lane++)
            {
                hashes[lane] = Read(lanes + (lane * LaneWords), tasks[lane].Setting);
            }

            return hashes;
        }
        finally
        {
            // Keys are passwords.
            NativeMemory.Clear(lanes, Bytes);
            NativeMemory.AlignedFree(lanes);
        }
    }

    private static void Fill(uint* lane, BcryptTask task)
    {
        Digits.CopyTo(new Span<uint>(lane, Words));
        var salt = Words32(Bcrypt.SaltOf(task.Setting));
        for (var (word, next) = (0, 0); word < KeyWords; word++)
        {
            // The phrase with its closing zero, over and over.
            uint key = 0;
            for (var bytes = 0; bytes < 4; bytes++, next = next >= task.Phrase.Length ? 0 : next + 1)
            {
                key = (key << 8) | (next < task.Phrase.Length ? task.Phrase[next] : 0u);
            }

            lane[KeyAt + word] = key;
            lane[SaltAt + word] = salt[word % SaltWords];
        }

        s_text.CopyTo(new Span<uint>(lane + TextAt, TextWords));
        MixSalted(lane);
    }

    /// <summary>The first mixing, which alone feeds the salt into the chain; it is done once, so one lane at a time will do.</summary>
    private static void MixSalted(uint* lane)
    {
        Xor(lane, KeyAt);
        var (left, right) = (0u, 0u);
        for (var at = 0; at < Words; at += 2)
        {
            left ^= lane[SaltAt + (at & 2)];
            right ^= lane[SaltAt + (at & 2) + 1];
            Encipher(lane, ref left, ref right);
            (lane[at], lane[at + 1]) = (left, right);
        }
    }

    private static void Stretch(uint* lanes, uint rounds)
    {
        for (var round = 0u; round < rounds; round++)
        {
            MixAll(lanes, KeyAt);
            MixAll(lanes, SaltAt);
        }
    }

    private static void MixAll(uint* lanes, int source)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            Xor(lanes + (lane * LaneWords), source);
        }

        Mix(lanes, lanes + LaneWords, lanes + (2 * LaneWords), lanes + (3 * LaneWords));
    }

    private static void Xor(uint* lane, int source)
    {
        for (var word = 0; word < KeyWords; word++)
        {
            lane[word] ^= lane[source + word];
        }
    }

    /// <summary>Where all the time goes: the four chains alternate look-up by look-up, so that none of them waits for its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(uint* a, uint* b, uint* c, uint* d)
    {
        uint aLeft = 0, aRight = 0, bLeft = 0, bRight = 0, cLeft = 0, cRight = 0, dLeft = 0, dRight = 0;
        for (var at = 0; at < Words; at += 2)
        {
            aLeft ^= a[0];
            bLeft ^= b[0];
            cLeft ^= c[0];
            dLeft ^= d[0];
            for (var round = 1; round < KeyWords - 1; round += 2)
            {
                aRight ^= Look(a, aLeft) ^ a[round];
                bRight ^= Look(b, bLeft) ^ b[round];
                cRight ^= Look(c, cLeft) ^ c[round];
                dRight ^= Look(d, dLeft) ^ d[round];
                aLeft ^= Look(a, aRight) ^ a[round + 1];
                bLeft ^= Look(b, bRight) ^ b[round + 1];
                cLeft ^= Look(c, cRight) ^ c[round + 1];
                dLeft ^= Look(d, dRight) ^ d[round + 1];
            }

            (aLeft, aRight) = (aRight ^ a[KeyWords - 1], aLeft);
            (bLeft, bRight) = (bRight ^ b[KeyWords - 1], bLeft);
            (cLeft, cRight) = (cRight ^ c[KeyWords - 1], cLeft);
            (dLeft, dRight) = (dRight ^ d[KeyWords - 1], dLeft);
            (a[at], a[at + 1]) = (aLeft, aRight);
            (b[at], b[at + 1]) = (bLeft, bRight);
            (c[at], c[at + 1]) = (cLeft, cRight);
            (d[at], d[at + 1]) = (dLeft, dRight);
        }
    }

    private static void Encipher(uint* lane, ref uint left, ref uint right)
    {
        left ^= lane[0];
        for (var round = 1; round < KeyWords - 1; round += 2)
        {
            right ^= Look(lane, left) ^ lane[round];
            left ^= Look(lane, right) ^ lane[round + 1];
        }

        (left, right) = (right ^ lane[KeyWords - 1], left);
    }

    /// <summary>Blowfish's function of one word: a byte of it per box.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Look(uint* lane, uint word) =>
        ((lane[KeyWords + (word >> 24)] + lane[KeyWords + 256 + (nuint)(byte)(word >> 16)])
            ^ lane[KeyWords + 512 + (nuint)(byte)(word >> 8)]) + lane[KeyWords + 768 + (nuint)(byte)word];

    private static string Read(uint* lane, string setting)
    {
        Span<byte> hash = stackalloc byte[TextWords * sizeof(uint)];
        for (var pair = 0; pair < TextWords; pair += 2)
        {
            var (left, right) = (lane[TextAt + pair], lane[TextAt + pair + 1]);
            for (var round = 0; round < TextRounds; round++)
            {
                Encipher(lane, ref left, ref right);
            }

            BinaryPrimitives.WriteUInt32BigEndian(hash[(pair * sizeof(uint))..], left);
            BinaryPrimitives.WriteUInt32BigEndian(hash[((pair + 1) * sizeof(uint))..], right);
        }

        // The salt is written anew: bits of its last character that mean nothing do not come back.
        return $"{setting.AsSpan(0, 7)}{Bcrypt.Encode(Bcrypt.SaltOf(setting))}{Bcrypt.Encode(hash[..HashBytes])}";
    }

    private static uint[] Words32(ReadOnlySpan<byte> bytes)
    {
        var words = new uint[bytes.Length / sizeof(uint)];
        for (var at = 0; at < words.Length; at++)
        {
            words[at] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at * sizeof(uint))..]);
        }

        return words;
    }

    private static bool Agrees()
    {
        if (!LibCrypt.IsPresent)
        {
            return false;
        }

        BcryptTask[] tasks =
        [
            new([], Bcrypt.Setting(Bcrypt.CostMin, Encoding.ASCII.GetBytes("0123456789abcdef"))),
            new(Encoding.UTF8.GetBytes("né"), Bcrypt.Setting(Bcrypt.CostMin, Encoding.ASCII.GetBytes("fedcba9876543210"))),
            new([.. Enumerable.Repeat((byte)0xff, 71)], Bcrypt.Setting(Bcrypt.CostMin, new byte[16])),
            new([.. Enumerable.Range(1, 72).Select(value => (byte)value)], Bcrypt.Setting(Bcrypt.CostMin, [.. Enumerable.Repeat((byte)0xff, 16)])),
        ];
        return Hash(tasks).SequenceEqual(tasks.Select(task => LibCrypt.Hash(task.Phrase, task.Setting)));
    }
}

/// <summary>A phrase, and the setting or whole stored hash that says how to hash it.</summary>
internal readonly record struct BcryptTask(byte[] Phrase, string Setting);
