namespace Titanic.Api.Seeding;

/// <summary>What is fixed about one of the 891 before anything about the person is invented.</summary>
internal sealed record PassengerSlot(int Class, string Sex, bool Survived, string? Embarked, bool HasAge, bool HasCabin);

/// <summary>
/// The 891 passengers of the well-known list as numbers: how many there are of each class and sex and how many of those survived, where each
/// class came aboard, and of how many age and cabin are known. These are published totals; who has what beyond them is drawn.
/// </summary>
internal static class PassengerSlots
{
    public const int Count = 891;

    private const long Seed = 19120415;

    private static readonly (int Class, string Sex, int People, int Survived)[] s_people =
    [
        (1, "female", 94, 91), (1, "male", 122, 45), (2, "female", 76, 70), (2, "male", 108, 17), (3, "female", 144, 72), (3, "male", 347, 47),
    ];

    private static readonly Dictionary<int, (int Cherbourg, int Queenstown, int Southampton, int AgeUnknown, int CabinUnknown)> s_known = new()
    {
        [1] = (85, 2, 127, 30, 40),
        [2] = (17, 3, 164, 11, 168),
        [3] = (66, 72, 353, 136, 479),
    };

    private static readonly Lazy<IReadOnlyList<PassengerSlot>> s_all = new(Make);

    /// <summary>In the order of their numbers on the list.</summary>
    public static IReadOnlyList<PassengerSlot> All => s_all.Value;

    private static List<PassengerSlot> Make()
    {
        var chance = new Chance(Seed);
        var slots = new List<PassengerSlot>(Count);
        foreach (var (number, known) in s_known)
        {
            var groups = s_people.Where(group => group.Class == number).ToList();
            var people = groups.Sum(group => group.People);
            var ports = Shuffled(chance, people, ("C", known.Cherbourg), ("Q", known.Queenstown), ("S", known.Southampton));
            var ages = Shuffled(chance, people, ("unknown", known.AgeUnknown));
            var cabins = Shuffled(chance, people, ("unknown", known.CabinUnknown));
            var at = 0;
            foreach (var group in groups)
            {
                for (var person = 0; person < group.People; person++, at++)
                {
                    slots.Add(new PassengerSlot(number, group.Sex, person < group.Survived, ports[at], ages[at] is null, cabins[at] is null));
                }
            }
        }

        chance.Shuffle(slots);
        return slots;
    }

    /// <summary>So many of each word, null for the rest, in an order of chance.</summary>
    private static List<string?> Shuffled(Chance chance, int people, params (string Word, int Times)[] words)
    {
        var list = words.SelectMany(pair => Enumerable.Repeat<string?>(pair.Word, pair.Times)).ToList();
        list.AddRange(Enumerable.Repeat<string?>(null, people - list.Count));
        chance.Shuffle(list);
        return list;
    }
}
