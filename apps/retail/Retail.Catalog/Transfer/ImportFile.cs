using System.Text;
using System.Text.Json;
using Retail.Catalog.Endpoints;
using Retail.Catalog.Products;
using Slipway.Sdk.Problems;

namespace Retail.Catalog.Transfer;

/// <summary>One product of a file, or why there is none.</summary>
/// <param name="Row">The line it begins in.</param>
internal sealed record ImportItem(int Row, ProductBody? Body, IReadOnlyList<Finding> Errors);

/// <summary>Reads files of products; what is wrong with one of them is no reason to give up on the others.</summary>
internal static class ImportFile
{
    public const int RowsMax = 5_000;
    public const int BytesMax = 8 * 1_048_576;

    private const int LineCharactersMax = 100_000;

    public static Outcome<IReadOnlyList<ImportItem>> Read(byte[] bytes, bool csv)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Problem.Unreadable("The file is not UTF-8.");
        }

        return csv ? CsvProducts.Read(text) : ReadLines(text);
    }

    private static Outcome<IReadOnlyList<ImportItem>> ReadLines(string text)
    {
        var items = new List<ImportItem>();
        var row = 0;
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            row++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (items.Count == RowsMax)
            {
                return TooLong();
            }

            items.Add(ReadLine(row, line));
        }

        return items;
    }

    private static ImportItem ReadLine(int row, string line)
    {
        if (line.Length > LineCharactersMax)
        {
            return new ImportItem(row, null, [new Finding("tooLong", $"A line may have at most {LineCharactersMax} characters.") { Pointer = "" }]);
        }

        try
        {
            return JsonSerializer.Deserialize(line, CatalogJson.Default.ProductBody) is { } body
                ? new ImportItem(row, body, [])
                : new ImportItem(row, null, [new Finding("mistyped", "The line must be an object.") { Pointer = "" }]);
        }
        catch (JsonException exception)
        {
            return new ImportItem(row, null, [new Finding("unreadable", $"The line is no product: {Cause(exception)}") { Pointer = "" }]);
        }
    }

    /// <summary>Without the names of this program's types, which say nothing to anybody.</summary>
    private static string Cause(JsonException exception) => exception.Path is { Length: > 1 } path ? $"{path[1..].TrimStart('.')} is not known or has a value of the wrong type." : "it is not JSON.";

    public static Problem TooLong() => new(400, "unreadableFile", "The file cannot be read", $"A file has at most {RowsMax} rows. Split it.");
}
