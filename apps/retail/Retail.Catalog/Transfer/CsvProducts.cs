using Retail.Catalog.Products;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Tables;
using System.Globalization;
using System.Text;

namespace Retail.Catalog.Transfer;

/// <summary>
/// Products as a table: a row for each SKU. Rows with the same <c>product_sku</c> are variants of one product, and the first of them says
/// what the product is.
/// </summary>
internal static class CsvProducts
{
    public static readonly string[] Columns =
    [
        "product_sku", "sku", "name", "name_de", "description", "description_de", "category", "price", "currency", "active", "attributes", "variant_name",
        "variant_attributes", "vendor_id",
    ];

    public static Outcome<IReadOnlyList<ImportItem>> Read(string text)
    {
        var records = new List<(int Line, string[] Fields)>();
        if (CsvText.Read(text, ImportFile.RowsMax + 1, records) is { } wrong)
        {
            return Unreadable(wrong);
        }

        if (records.Count == 0 || Header(records[0].Fields) is not { } columns)
        {
            return Unreadable($"The first line must name columns of {string.Join(", ", Columns)}, among them sku.");
        }

        var groups = new Dictionary<string, List<CsvRow>>(StringComparer.OrdinalIgnoreCase);
        var order = new List<List<CsvRow>>();
        foreach (var (line, fields) in records.Skip(1))
        {
            var row = new CsvRow(line, columns, fields);
            var key = row["product_sku"] is { Length: > 0 } product ? product : row["sku"];
            if (key.Length == 0 || !groups.TryGetValue(key, out var rows))
            {
                order.Add(rows = []);
                groups[key] = rows;
            }

            rows.Add(row);
        }

        return order.ConvertAll(ItemOf);
    }

    public static void Write(StringBuilder into, Product product)
    {
        var content = product.Content;
        foreach (var (variant, at) in content.Variants.Select((variant, at) => (variant, at)))
        {
            var isFirst = at == 0;
            string Told(string? text) => isFirst ? CsvText.Guard(text ?? "") : "";
            CsvText.Write(into,
            [
                product.Default.Sku, variant.Sku, Told(content.Name), Told(content.NameDe), Told(content.Description), Told(content.DescriptionDe), Told(content.Category),
                Prices.Decimal(variant.PriceMinor).ToString(CultureInfo.InvariantCulture), variant.Currency, content.Active ? "true" : "false",
                isFirst ? CsvText.Guard(Write(content.Attributes)) : "", CsvText.Guard(variant.Name ?? ""), CsvText.Guard(Write(variant.Attributes)),
                product.VendorId.ToString(),
            ]);
        }
    }

    private static string Write(IReadOnlyDictionary<string, string> attributes) =>
        string.Join(';', attributes.Select(pair => $"{pair.Key}={pair.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal)}"));

    private static ImportItem ItemOf(List<CsvRow> rows)
    {
        var (first, errors) = (rows[0], new List<Finding>());
        var body = new ProductBody
        {
            Name = first["name"],
            Description = first["description"],
            Category = first["category"],
            Active = Flag(first, errors),
            Attributes = Attributes(first, "attributes", errors),
            VendorId = Vendor(first, errors),
            Variants = [.. rows.Select(row => (VariantBody?)new VariantBody
            {
                Sku = row["sku"],
                Name = row["variant_name"],
                Price = Price(row, errors),
                Currency = row["currency"] is { Length: > 0 } currency ? currency : null,
                Attributes = Attributes(row, "variant_attributes", errors),
            })],
            Translations = new TranslationsBody { De = new TranslationBody { Name = first["name_de"], Description = first["description_de"] } },
        };
        return new ImportItem(first.Line, errors.Count == 0 ? body : null, errors);
    }

    private static decimal? Price(CsvRow row, List<Finding> errors)
    {
        if (decimal.TryParse(row["price"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price))
        {
            return price;
        }

        errors.Add(Wrong(row, "price", "notAPrice", "price must be a number such as 19.90."));
        return null;
    }

    private static bool? Flag(CsvRow row, List<Finding> errors)
    {
        switch (row["active"].ToLowerInvariant())
        {
            case "":
                return null;
            case "true":
                return true;
            case "false":
                return false;
            default:
                errors.Add(Wrong(row, "active", "notAFlag", "active must be true or false."));
                return null;
        }
    }

    private static Guid? Vendor(CsvRow row, List<Finding> errors)
    {
        if (row["vendor_id"].Length == 0)
        {
            return null;
        }

        if (Guid.TryParse(row["vendor_id"], out var vendor))
        {
            return vendor;
        }

        errors.Add(Wrong(row, "vendor_id", "notAnId", "vendor_id must be the id of a vendor."));
        return null;
    }

    /// <summary>name=value;name=value, with a backslash before a semicolon that belongs to a value.</summary>
    private static Dictionary<string, string> Attributes(CsvRow row, string column, List<Finding> errors)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var pair = new StringBuilder();
        var text = row[column];
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && text[at] == '\\' && at + 1 < text.Length)
            {
                pair.Append(text[++at]);
            }
            else if (at < text.Length && text[at] != ';')
            {
                pair.Append(text[at]);
            }
            else if (pair.Length > 0)
            {
                var parts = pair.ToString().Split('=', 2);
                pair.Clear();
                if (parts.Length != 2 || !attributes.TryAdd(parts[0].Trim(), parts[1].Trim()))
                {
                    errors.Add(Wrong(row, column, "notAPair", $"{column} must be pairs such as color=black;size=M, each name once."));
                }
            }
        }

        return attributes;
    }

    private static Finding Wrong(CsvRow row, string column, string code, string detail) => new(code, $"Line {row.Line}: {detail}") { Pointer = "/" + column };

    private static Dictionary<string, int>? Header(string[] fields)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var at = 0; at < fields.Length; at++)
        {
            var name = fields[at].Trim().ToLowerInvariant();
            if (!Columns.Contains(name) || !columns.TryAdd(name, at))
            {
                return null;
            }
        }

        return columns.ContainsKey("sku") ? columns : null;
    }

    private static Problem Unreadable(string detail) => new(400, "unreadableFile", "The file cannot be read", detail);

    private sealed class CsvRow(int line, Dictionary<string, int> columns, string[] fields)
    {
        public int Line => line;

        public string this[string column] => columns.TryGetValue(column, out var at) && at < fields.Length ? CsvText.Unguard(fields[at].Trim()) : "";
    }
}
