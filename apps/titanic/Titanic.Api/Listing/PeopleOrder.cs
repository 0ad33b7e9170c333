using System.Globalization;
using Titanic.Api.People;

namespace Titanic.Api.Listing;

/// <summary>What a list can be sorted by: the column, its type, and the key of a person in it. The number on the passenger list decides between equals.</summary>
internal sealed record PeopleOrder(string Column, string Type, Func<Person, string> Key)
{
    public static readonly string[] Names = ["passengerId", "name", "age", "fare", "class", "survived", "createdAt"];

    public static PeopleOrder Of(string name) => name switch
    {
        "name" => new("p.name_order", "text", person => ""),
        "age" => new("p.age_order", "int", person => Text(PersonRows.StoredAge(person.Content.Age) ?? int.MaxValue)),
        "fare" => new("p.fare", "bigint", person => Text(PersonRows.StoredFare(person.Content.Fare))),
        "class" => new("p.class", "int", person => Text(person.Content.Class)),
        "survived" => new("p.survived", "bool", person => person.Content.Survived ? "true" : "false"),
        "createdAt" => new("p.created_at", "timestamptz", person => person.CreatedAt.ToString("O", CultureInfo.InvariantCulture)),
        _ => new("p.passenger_id", "int", person => PersonRows.Number(person.PassengerId)),
    };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
