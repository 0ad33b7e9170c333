using System.Globalization;
using Titanic.Api.People;

namespace Titanic.Api.Seeding;

/// <summary>Invents people. The same seed and number always give the same person; the first 891 together have the totals of the well-known list.</summary>
internal static class PassengerMaker
{
    /// <summary>A penny is the 240th part of a pound, and fares were told in pounds with four digits.</summary>
    private const decimal Pennies = 240m;

    private static readonly decimal[] s_babies = [0.42m, 0.58m, 0.67m, 0.75m, 0.83m, 0.92m];

    /// <summary>When the made-up records say that they were made; with the number behind it their ids sort like the list.</summary>
    private static readonly DateTimeOffset s_epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Person Make(string tenant, long seed, int number, DateTimeOffset now)
    {
        var chance = Chance.Of(seed, number);

        // Beyond the list people are as those on it: each takes after one of them.
        var slot = number <= PassengerSlots.Count ? PassengerSlots.All[number - 1] : chance.Pick(PassengerSlots.All);
        return PersonBook.New(IdOf(tenant, seed, number), number, ContentOf(slot, chance), now);
    }

    public static PersonContent ContentOf(PassengerSlot slot, Chance chance)
    {
        var (age, siblings, parents) = Household(slot, chance);
        return new PersonContent
        {
            Survived = slot.Survived,
            Class = slot.Class,
            Name = NameOf(slot.Sex, age, siblings > 0, chance),
            Sex = slot.Sex,
            Age = slot.Age == AgeKind.Unknown ? null : age,
            SiblingsOrSpouses = siblings,
            ParentsOrChildren = parents,
            Ticket = TicketOf(slot.Class, chance),
            Fare = FareOf(slot, 1 + siblings + parents, chance),
            Cabin = slot.HasCabin ? CabinOf(slot.Class, chance) : null,
            Embarked = slot.Embarked,
        };
    }

    /// <summary>Children travel with parents, and below the waterline with many brothers and sisters.</summary>
    private static (decimal Age, int Siblings, int Parents) Household(PassengerSlot slot, Chance chance)
    {
        // Of whom no age is known, a few are children like the rest.
        if (slot.Age == AgeKind.Child || (slot.Age == AgeKind.Unknown && chance.Percent(8)))
        {
            var years = chance.Percent(10) ? chance.Pick(s_babies) : chance.Between(1, 12);
            return (years, slot.Class == 3 ? chance.Between(0, 5) : chance.Between(0, 2), chance.Between(1, 2));
        }

        if (slot.Age == AgeKind.Youth)
        {
            return (chance.Between(13, 17), chance.Percent(30) ? 1 : 0, chance.Percent(35) ? chance.Between(1, 2) : 0);
        }

        var middle = slot.Class switch { 1 => 39, 2 => 32, _ => 28 };
        var old = chance.Percent(slot.Survived ? 8 : 14) ? chance.Between(8, 26) : 0;
        var grown = Math.Clamp(middle + chance.Between(-12, 12) + chance.Between(-8, 8) + old, 18, 80) + (chance.Percent(4) ? 0.5m : 0m);
        var married = chance.Percent(slot.Class == 1 ? 42 : 24);
        var parents = chance.Percent(slot.Class == 1 ? 18 : 14) ? chance.Between(1, slot.Class == 3 ? 4 : 2) : 0;
        return (grown, married ? 1 : 0, parents);
    }

    private static string NameOf(string sex, decimal age, bool married, Chance chance)
    {
        var family = chance.Pick(NameLists.Families);
        var (man, second) = (chance.Pick(NameLists.Men), chance.Percent(45) ? " " + chance.Pick(NameLists.Men) : "");
        if (sex == "male")
        {
            var title = age < 13 ? "Master" : chance.Percent(3) ? chance.Pick(["Dr", "Rev", "Col", "Major", "Capt"]) : "Mr";
            return $"{family}, {title}. {man}{second}";
        }

        var (woman, other) = (chance.Pick(NameLists.Women), chance.Percent(45) ? " " + chance.Pick(NameLists.Women) : "");
        return age >= 18 && (married || chance.Percent(22))
            ? $"{family}, Mrs. {man} ({woman}{other} {chance.Pick(NameLists.Families)})"
            : $"{family}, Miss. {woman}{other}";
    }

    private static string TicketOf(int number, Chance chance)
    {
        var (prefix, least, most) = number switch
        {
            1 => chance.Percent(28) ? ("PC ", 17_400, 17_790) : ("", 11_000, 19_999),
            2 => chance.Percent(20) ? ("SC/PARIS ", 2_000, 2_199) : chance.Percent(20) ? ("C.A. ", 17_000, 34_999) : ("", 211_000, 252_999),
            _ => chance.Percent(12) ? ("A/5 ", 2_000, 21_999) : chance.Percent(8) ? ("SOTON/O.Q. ", 3_101_200, 3_101_399) : ("", 330_000, 382_999),
        };
        return prefix + chance.Between(least, most).ToString(CultureInfo.InvariantCulture);
    }

    private static decimal FareOf(PassengerSlot slot, int company, Chance chance)
    {
        if (slot is { Sex: "male", Survived: false } && chance.Percent(3))
        {
            return 0;
        }

        var pennies = slot.Class switch
        {
            1 => chance.Percent(12) ? chance.Between(24_000, 63_000) : chance.Between(6_240, 20_400),
            2 => chance.Between(2_520, 3_480),
            _ => chance.Between(1_692, 2_076),
        };
        var heads = slot.Class == 1 ? 1 + (Math.Min(company, 4) / 3) : Math.Min(company, 5);
        return decimal.Round(pennies * heads / Pennies, 4);
    }

    private static string CabinOf(int number, Chance chance) => number switch
    {
        1 => $"{chance.Pick(["A", "B", "B", "C", "C", "C", "D", "E"])}{chance.Between(2, 148)}",
        2 => $"{chance.Pick(["D", "E", "F"])}{chance.Between(2, 110)}",
        _ => $"{chance.Pick(["E", "F", "G"])}{chance.Between(2, 90)}",
    };

    /// <summary>An id of version 7 that follows from tenant, seed and number.</summary>
    private static Guid IdOf(string tenant, long seed, int number)
    {
        var name = tenant.Aggregate(0x1505L, static (hash, letter) => unchecked((hash * 33) ^ letter));
        var chance = Chance.Of(seed ^ name, -number);
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, chance.Next());
        BitConverter.TryWriteBytes(bytes[8..], chance.Next());
        var time = (s_epoch + TimeSpan.FromMilliseconds(number)).ToUnixTimeMilliseconds();
        for (var at = 0; at < 6; at++)
        {
            bytes[at] = (byte)(time >> (8 * (5 - at)));
        }

        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
