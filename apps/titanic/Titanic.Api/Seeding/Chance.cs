namespace Titanic.Api.Seeding;

/// <summary>Numbers that look like chance and are the same on every machine and for ever (SplitMix64), which the framework's own do not promise.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>For one thing among many: what it gets depends on nothing but the seed and its number.</summary>
    public static Chance Of(long seed, long number) => new(unchecked(((ulong)seed * 0x9E3779B97F4A7C15UL) ^ ((ulong)number * 0xD1B54A32D192ED03UL)));

    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>From 0 to below the count.</summary>
    public int Below(int count) => (int)(((UInt128)Next() * (ulong)count) >> 64);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Percent(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public void Shuffle<T>(IList<T> items)
    {
        for (var at = items.Count - 1; at > 0; at--)
        {
            var other = Below(at + 1);
            (items[at], items[other]) = (items[other], items[at]);
        }
    }
}
