using System.Text.Json;
using Npgsql;

namespace Titanic.Api.Statistics;

/// <summary>What figures can be told apart by: its name, the column, and how a row's value is written.</summary>
internal sealed record Grouping(string Name, string Sql, Action<Utf8JsonWriter, NpgsqlDataReader, int> Write)
{
    private const string AgeGroup =
        "case when p.age is null then 'unknown' when p.age < 1300 then 'child' when p.age < 1800 then 'teen' when p.age < 6000 then 'adult' else 'senior' end";

    public static readonly string[] Names = ["class", "sex", "embarked", "ageGroup", "survived"];

    public static Grouping Of(string name) => name switch
    {
        "class" => new(name, "p.class", static (json, row, at) => json.WriteNumberValue(row.GetInt32(at))),
        "sex" => new(name, "p.sex", Text),
        "embarked" => new(name, "p.embarked", Text),
        "ageGroup" => new(name, AgeGroup, Text),
        _ => new(name, "p.survived", static (json, row, at) => json.WriteBooleanValue(row.GetBoolean(at))),
    };

    private static void Text(Utf8JsonWriter json, NpgsqlDataReader row, int at)
    {
        if (row.IsDBNull(at))
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteStringValue(row.GetString(at));
        }
    }
}
