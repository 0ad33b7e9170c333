using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Tables;
using Titanic.Api.Endpoints;
using Titanic.Api.People;

namespace Titanic.Api.Transfer;

/// <summary>One row of a file: a person, or what is wrong with it.</summary>
internal sealed record ImportRow(long Row, int? PassengerId, PersonContent? Content, IReadOnlyList<RowError> Errors);

/// <param name="Row">Counted from 1, the head line not among them.</param>
internal sealed record RowError(long Row, string Column, string Code, string Message);

/// <summary>Reads rows. Pure.</summary>
internal static class ImportRows
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool IsBlank(ReadOnlySpan<byte> record) => record.IndexOfAnyExcept("\r\n \t\ufeff"u8) < 0;

    /// <summary>The fields of a record of a table, or what is wrong with it.</summary>
    public static Outcome<string[]> Fields(ReadOnlySpan<byte> record)
    {
        if (Text(record) is not { } text)
        {
            return Unreadable("The text is not UTF-8.");
        }

        var records = new List<(int Line, string[] Fields)>();
        if (CsvText.Read(text, recordsMax: 2, records) is { } wrong)
        {
            return Unreadable(wrong);
        }

        return records is [var one] ? one.Fields : Unreadable("A line is no record of a table.");
    }

    public static ImportRow OfTable(long row, string[] columns, ReadOnlySpan<byte> record)
    {
        if (!Fields(record).Is(out var fields, out var problem))
        {
            return Wrong(row, "", "unreadable", problem.Detail);
        }

        if (fields.Length != columns.Length)
        {
            return Wrong(row, "", "fields", $"The row has {fields.Length} fields, the first line has {columns.Length}.");
        }

        var (body, errors) = (new PersonBody(), new List<RowError>());
        for (var at = 0; at < fields.Length; at++)
        {
            Set(body, columns[at], CsvText.Unguard(fields[at].Trim()), (code, message) => errors.Add(new RowError(row, columns[at], code, message)));
        }

        return Check(row, body, errors);
    }

    public static ImportRow OfJson(long row, ReadOnlySpan<byte> record)
    {
        try
        {
            return JsonSerializer.Deserialize(record.TrimStart("\ufeff"u8), TitanicJson.Default.PersonBody) is { } body
                ? Check(row, body, [])
                : Wrong(row, "", "unreadable", "The line must be a JSON object.");
        }
        catch (JsonException exception)
        {
            // Without the names of this program's types, which say nothing to anybody.
            return exception.Path is { Length: > 2 } path
                ? Wrong(row, path[2..], "mistyped", $"{path[2..]} is not known or has a value of the wrong type.")
                : Wrong(row, "", "unreadable", "The line is not a JSON object with the fields of a person.");
        }
    }

    private static ImportRow Check(long row, PersonBody body, List<RowError> errors)
    {
        var findings = new Findings();
        var content = PersonRules.Check(body, findings);
        if (findings.Any)
        {
            // What could not even be read is told once, and not again as missing.
            errors.AddRange(findings.ToProblem().Errors
                .Select(finding => new RowError(row, finding.Pointer![1..], finding.Code, finding.Detail))
                .Where(error => !errors.Exists(other => other.Column == error.Column)));
        }

        return new ImportRow(row, body.PassengerId, errors.Count == 0 ? content : null, errors);
    }

    private static void Set(PersonBody body, string field, string text, Action<string, string> wrong)
    {
        if (text.Length == 0)
        {
            return;
        }

        switch (field)
        {
            case "passengerId":
                body.PassengerId = Whole(text, wrong);
                break;
            case "survived":
                body.Survived = text.ToLowerInvariant() switch { "1" or "true" or "yes" => true, "0" or "false" or "no" => false, _ => null };
                if (body.Survived is null)
                {
                    wrong("notAFlag", "It must be 0 or 1.");
                }

                break;
            case "passengerClass":
                body.PassengerClass = Whole(text, wrong);
                break;
            case "name":
                body.Name = text;
                break;
            case "sex":
                body.Sex = text.ToLowerInvariant();
                break;
            case "age":
                body.Age = Amount(text, wrong);
                break;
            case "siblingsOrSpousesAboard":
                body.SiblingsOrSpousesAboard = Whole(text, wrong);
                break;
            case "parentsOrChildrenAboard":
                body.ParentsOrChildrenAboard = Whole(text, wrong);
                break;
            case "ticket":
                body.Ticket = text;
                break;
            case "fare":
                body.Fare = Amount(text, wrong);
                break;
            case "cabin":
                body.Cabin = text;
                break;
            case "embarked":
                body.Embarked = text.ToUpperInvariant();
                break;
        }
    }

    private static int? Whole(string text, Action<string, string> wrong)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        wrong("notANumber", "It must be a whole number.");
        return null;
    }

    private static decimal? Amount(string text, Action<string, string> wrong)
    {
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        wrong("notANumber", "It must be a number such as 7.25.");
        return null;
    }

    private static string? Text(ReadOnlySpan<byte> record)
    {
        try
        {
            return s_strict.GetString(record);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static ImportRow Wrong(long row, string column, string code, string message) => new(row, null, null, [new RowError(row, column, code, message)]);

    private static Problem Unreadable(string detail) => new(400, "unreadableFile", "The file cannot be read", detail);
}
