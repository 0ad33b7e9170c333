using System.Globalization;
using Slipway.Sdk.Problems;

namespace Titanic.Api.People;

/// <summary>How an address names a person: by the record's own id or by the number on the passenger list.</summary>
internal readonly record struct PersonKey(Guid? Uuid, int? PassengerId)
{
    public string Condition => Uuid is null ? "passenger_id = $1" : "uuid = $1";

    public object Value => (object?)Uuid ?? PassengerId!;

    /// <summary>What can be neither is nobody's address.</summary>
    public static Outcome<PersonKey> Read(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return new PersonKey(null, number);
        }

        return Guid.TryParseExact(text, "D", out var uuid) ? new PersonKey(uuid, null) : Problem.NotFound("person");
    }
}
