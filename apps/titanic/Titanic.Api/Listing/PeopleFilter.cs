using System.Globalization;
using Slipway.Sdk.Requests;
using Titanic.Api.People;
using Titanic.Api.Searching;

namespace Titanic.Api.Listing;

/// <summary>Which people somebody wants to see. Of a field that is named several times any value fits; different fields must all fit.</summary>
internal sealed record PeopleFilter
{
    public bool? Survived { get; init; }

    public IReadOnlyList<int> Classes { get; init; } = [];

    public IReadOnlyList<string> Sexes { get; init; } = [];

    public IReadOnlyList<string> Ports { get; init; } = [];

    public int? AgeMin { get; init; }

    public int? AgeMax { get; init; }

    public long? FareMin { get; init; }

    public long? FareMax { get; init; }

    /// <summary>Words that must all be in the name, the last perhaps not to its end.</summary>
    public IReadOnlyList<string> NameWords { get; init; } = [];

    public string? Ticket { get; init; }

    /// <summary>Those who were deleted instead of those who are there.</summary>
    public bool Deleted { get; init; }

    /// <summary>Reads what the query says; what is wrong is kept in the query.</summary>
    public static PeopleFilter Read(Query query)
    {
        var filter = new PeopleFilter
        {
            Survived = query.Flag("survived"),
            Classes = [.. OneOf(query, "class", "1", "2", "3").Select(text => text[0] - '0')],
            Sexes = OneOf(query, "sex", "male", "female", "other"),
            Ports = OneOf(query, "embarked", "C", "Q", "S"),
            AgeMin = (int?)Amount(query, "minAge", PersonRules.AgeMax, 100m, up: true),
            AgeMax = (int?)Amount(query, "maxAge", PersonRules.AgeMax, 100m, up: false),
            FareMin = Amount(query, "minFare", PersonRules.FareMax, 10_000m, up: true),
            FareMax = Amount(query, "maxFare", PersonRules.FareMax, 10_000m, up: false),
            NameWords = WordsOf(query),
            Ticket = query.Text("ticket", PersonRules.CodeMax),
            Deleted = query.Flag("deleted") ?? false,
        };
        if (filter.AgeMin > filter.AgeMax)
        {
            query.Wrong("minAge", "outOfRange", "minAge must not be above maxAge.");
        }

        if (filter.FareMin > filter.FareMax)
        {
            query.Wrong("minFare", "outOfRange", "minFare must not be above maxFare.");
        }

        return filter;
    }

    /// <summary>The filter in one form whatever order it was written in, so that a cursor only goes on in its own list.</summary>
    public string Binding() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Survived}|{string.Join(',', Classes.Order())}|{string.Join(',', Sexes.Order(StringComparer.Ordinal))}|{string.Join(',', Ports.Order(StringComparer.Ordinal))}|{AgeMin}|{AgeMax}|{FareMin}|{FareMax}|{string.Join(' ', NameWords)}|{Ticket}|{Deleted}");

    private static List<string> OneOf(Query query, string name, params string[] allowed)
    {
        var values = query.List(name).Distinct(StringComparer.Ordinal).ToList();
        if (values.Exists(value => !allowed.Contains(value)))
        {
            query.Wrong(name, "notOneOf", $"{name} must be one of {string.Join(", ", allowed)}; several fit any of them.");
            return [];
        }

        return values;
    }

    private static IReadOnlyList<string> WordsOf(Query query)
    {
        if (query.Text("name", PersonRules.NameMax) is not { } text)
        {
            return [];
        }

        var words = Words.Of(text);
        if (words.Count == 0)
        {
            query.Wrong("name", "noWords", "name must have letters or digits in it.");
        }

        return words;
    }

    /// <summary>In the unit of the database, rounded so that nothing beyond the bound fits.</summary>
    private static long? Amount(Query query, string name, decimal max, decimal scale, bool up)
    {
        if (query.Text(name, 20) is not { } text)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= max)
        {
            return (long)(up ? decimal.Ceiling(value * scale) : decimal.Floor(value * scale));
        }

        query.Wrong(name, "notANumber", string.Create(CultureInfo.InvariantCulture, $"{name} must be a number from 0 to {max}, such as 7.25."));
        return null;
    }
}
