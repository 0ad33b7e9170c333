namespace Titanic.Api.Seeding;

/// <summary>How old somebody is, as far as it is known.</summary>
internal enum AgeKind
{
    Unknown,

    /// <summary>Below 13.</summary>
    Child,

    /// <summary>From 13 to 17.</summary>
    Youth,
    Grown,
}

/// <summary>What is fixed about one of the 891 before anything about the person is invented.</summary>
internal sealed record PassengerSlot(int Class, string Sex, bool Survived, string? Embarked, AgeKind Age, bool HasCabin);

/// <summary>
/// The 891 passengers of the well-known list as numbers: how many there were of each class and sex, how many came aboard in each port, how
/// many were children, youths or of unknown age, and how many of each of those survived. These are published totals; who has what beyond
/// them is drawn.
/// </summary>
internal static class PassengerSlots
{
    public const int Count = 891;

    private const long Seed = 19120415;

    /// <summary>All of a class who shared a fate, counted three ways.</summary>
    private sealed record Fellows(int Class, bool Survived, int Women, int Men, (int Cherbourg, int Queenstown, int Southampton) Ports, (int Unknown, int Children, int Youths) Ages);

    private static readonly Fellows[] s_fellows =
    [
        new(1, true, 91, 45, (59, 1, 74), (14, 3, 8)),
        new(1, false, 3, 77, (26, 1, 53), (16, 1, 0)),
        new(2, true, 70, 17, (9, 2, 76), (4, 17, 4)),
        new(2, false, 6, 91, (8, 1, 88), (7, 0, 2)),
        new(3, true, 72, 47, (25, 27, 67), (34, 20, 9)),
        new(3, false, 72, 300, (41, 45, 286), (102, 28, 21)),
    ];

    /// <summary>Of how many of each class no cabin is known.</summary>
    private static readonly Dictionary<int, int> s_withoutCabin = new() { [1] = 40, [2] = 168, [3] = 479 };

    private static readonly Lazy<IReadOnlyList<PassengerSlot>> s_all = new(Make);

    /// <summary>In the order of their numbers on the list.</summary>
    public static IReadOnlyList<PassengerSlot> All => s_all.Value;

    private static List<PassengerSlot> Make()
    {
        var chance = new Chance(Seed);
        var slots = new List<PassengerSlot>(Count);
        foreach (var all in s_fellows.GroupBy(fellows => fellows.Class))
        {
            var cabins = Shuffled(chance, all.Sum(fellows => fellows.Women + fellows.Men), true, (false, s_withoutCabin[all.Key]));
            var cabin = 0;
            foreach (var fellows in all)
            {
                var people = fellows.Women + fellows.Men;
                var sexes = Shuffled(chance, people, "male", ("female", fellows.Women));
                var ports = Shuffled<string?>(chance, people, null, ("C", fellows.Ports.Cherbourg), ("Q", fellows.Ports.Queenstown), ("S", fellows.Ports.Southampton));
                var ages = Shuffled(chance, people, AgeKind.Grown, (AgeKind.Unknown, fellows.Ages.Unknown), (AgeKind.Child, fellows.Ages.Children), (AgeKind.Youth, fellows.Ages.Youths));
                for (var person = 0; person < people; person++)
                {
                    slots.Add(new PassengerSlot(fellows.Class, sexes[person], fellows.Survived, ports[person], ages[person], cabins[cabin++]));
                }
            }
        }

        chance.Shuffle(slots);
        return slots;
    }

    /// <summary>So many of each value, the rest of another, in an order of chance.</summary>
    private static List<T> Shuffled<T>(Chance chance, int people, T rest, params ReadOnlySpan<(T Value, int Times)> values)
    {
        var list = new List<T>(people);
        foreach (var (value, times) in values)
        {
            list.AddRange(Enumerable.Repeat(value, times));
        }

        list.AddRange(Enumerable.Repeat(rest, people - list.Count));
        chance.Shuffle(list);
        return list;
    }
}
