using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sdk.Problems;

namespace Titanic.Api.People;

/// <summary>What a passenger's record must be like. Pure; everything that is wrong is told at once.</summary>
internal static class PersonRules
{
    public const int NameMax = 200;
    public const int CodeMax = 50;
    public const int CompanyMax = 50;
    public const decimal AgeMax = 120m;
    public const decimal FareMax = 1_000_000m;

    public static readonly IReadOnlySet<string> PatchMembers = new HashSet<string>(StringComparer.Ordinal)
    {
        "survived", "passengerClass", "name", "sex", "age", "siblingsOrSpousesAboard", "parentsOrChildrenAboard", "ticket", "fare", "cabin", "embarked",
    };

    public static Outcome<PersonContent> Check(PersonBody body)
    {
        var findings = new Findings();
        var content = Check(body, findings);
        return findings.Any ? findings.ToProblem() : content;
    }

    public static PersonContent Check(PersonBody body, Findings findings)
    {
        if (body.Survived is null)
        {
            findings.Add("/survived", "required", "survived is required: true or false.");
        }

        if (body.PassengerClass is not (>= 1 and <= 3))
        {
            findings.Add("/passengerClass", body.PassengerClass is null ? "required" : "notOneOf", "passengerClass must be 1, 2 or 3.");
        }

        if (body.PassengerId is < 1)
        {
            findings.Add("/passengerId", "outOfRange", "passengerId must be a whole number from 1.");
        }

        if (body.Sex is null)
        {
            findings.Add("/sex", "required", "sex is required: male, female or other.");
        }

        return new PersonContent
        {
            Survived = body.Survived ?? false,
            Class = body.PassengerClass ?? 0,
            Name = OneLine("/name", findings.Text("/name", body.Name, NameMax), findings) ?? "",
            Sex = findings.Choice("/sex", body.Sex, "", ("male", "male"), ("female", "female"), ("other", "other")),
            Age = Amount("/age", body.Age, AgeMax, 2, findings),
            SiblingsOrSpouses = Company("/siblingsOrSpousesAboard", body.SiblingsOrSpousesAboard, findings),
            ParentsOrChildren = Company("/parentsOrChildrenAboard", body.ParentsOrChildrenAboard, findings),
            Ticket = OneLine("/ticket", findings.OptionalText("/ticket", body.Ticket, CodeMax), findings),
            Fare = Amount("/fare", body.Fare, FareMax, 4, findings) ?? 0,
            Cabin = OneLine("/cabin", findings.OptionalText("/cabin", body.Cabin, CodeMax), findings),
            Embarked = findings.Choice<string?>("/embarked", body.Embarked, null, ("C", "C"), ("Q", "Q"), ("S", "S")),
        };
    }

    /// <summary>The body that would have made this content, for patches.</summary>
    public static PersonBody BodyOf(PersonContent content) => new()
    {
        Survived = content.Survived,
        PassengerClass = content.Class,
        Name = content.Name,
        Sex = content.Sex,
        Age = content.Age,
        SiblingsOrSpousesAboard = content.SiblingsOrSpouses,
        ParentsOrChildrenAboard = content.ParentsOrChildren,
        Ticket = content.Ticket,
        Fare = content.Fare,
        Cabin = content.Cabin,
        Embarked = content.Embarked,
    };

    /// <summary>A merge patch: what is null is cleared, what is absent stays.</summary>
    public static Outcome<PersonContent> Patch(PersonContent content, JsonObject patch)
    {
        var findings = new Findings();
        var body = BodyOf(content);
        foreach (var (name, value) in patch)
        {
            Apply(body, name, value, findings);
        }

        var patched = findings.Any ? content : Check(body, findings);
        return findings.Any ? findings.ToProblem() : patched;
    }

    private static void Apply(PersonBody body, string name, JsonNode? value, Findings findings)
    {
        switch (name)
        {
            case "survived":
                body.Survived = Read<bool>(name, value, "true or false", findings);
                break;
            case "passengerClass":
                body.PassengerClass = Read<int>(name, value, "a whole number", findings);
                break;
            case "name":
                body.Name = Text(name, value, findings);
                break;
            case "sex":
                body.Sex = Text(name, value, findings);
                break;
            case "age":
                body.Age = Read<decimal>(name, value, "a number", findings);
                break;
            case "siblingsOrSpousesAboard":
                body.SiblingsOrSpousesAboard = Read<int>(name, value, "a whole number", findings);
                break;
            case "parentsOrChildrenAboard":
                body.ParentsOrChildrenAboard = Read<int>(name, value, "a whole number", findings);
                break;
            case "ticket":
                body.Ticket = Text(name, value, findings);
                break;
            case "fare":
                body.Fare = Read<decimal>(name, value, "a number", findings);
                break;
            case "cabin":
                body.Cabin = Text(name, value, findings);
                break;
            case "embarked":
                body.Embarked = Text(name, value, findings);
                break;
        }
    }

    private static T? Read<T>(string name, JsonNode? value, string expected, Findings findings)
        where T : struct
    {
        if (value is null)
        {
            return null;
        }

        if (value is JsonValue plain && plain.TryGetValue<T>(out var read))
        {
            return read;
        }

        findings.Add("/" + name, "mistyped", $"{name} must be {expected}.");
        return null;
    }

    private static string? Text(string name, JsonNode? value, Findings findings)
    {
        if (value is null)
        {
            return null;
        }

        if (value is JsonValue plain && plain.TryGetValue<string>(out var read))
        {
            return read;
        }

        findings.Add("/" + name, "mistyped", $"{name} must be a text.");
        return null;
    }

    private static decimal? Amount(string pointer, decimal? value, decimal max, int digits, Findings findings)
    {
        if (value is not { } number)
        {
            return null;
        }

        if (number < 0 || number > max)
        {
            findings.Add(pointer, "outOfRange", string.Create(CultureInfo.InvariantCulture, $"{pointer[1..]} must be from 0 to {max}."));
            return null;
        }

        if (number != decimal.Round(number, digits))
        {
            findings.Add(pointer, "tooPrecise", string.Create(CultureInfo.InvariantCulture, $"{pointer[1..]} must have at most {digits} digits behind the point."));
            return null;
        }

        return number;
    }

    private static int Company(string pointer, int? value, Findings findings)
    {
        if (value is < 0 or > CompanyMax)
        {
            findings.Add(pointer, "outOfRange", string.Create(CultureInfo.InvariantCulture, $"{pointer[1..]} must be a whole number from 0 to {CompanyMax}."));
            return 0;
        }

        return value ?? 0;
    }

    /// <summary>These go into tables and lists, where a line break would make two of one.</summary>
    private static string? OneLine(string pointer, string? text, Findings findings)
    {
        if (text is not null && text.AsSpan().ContainsAny('\r', '\n', '\t'))
        {
            findings.Add(pointer, "control", $"{pointer[1..]} must be one line without tabs.");
        }

        return text;
    }
}
