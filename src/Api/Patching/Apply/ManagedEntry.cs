using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;

namespace Slipway.Api.Patching.Apply;

/// <summary>One entry of <c>metadata.managedFields</c>: the fields that one manager has set in one way.</summary>
internal sealed record ManagedEntry(string Manager, string Operation, string ApiVersion, string Time, string Subresource, HashSet<string> Paths)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public bool Is(string manager, string operation, string subresource) =>
        Manager == manager && Operation == operation && Subresource == subresource;

    public ManagedEntry With(HashSet<string> paths, DateTimeOffset now) =>
        Paths.SetEquals(paths) ? this : this with { Paths = paths, Time = TimeText(now) };

    public ManagedEntry Without(IReadOnlySet<string> paths) =>
        Paths.Overlaps(paths) ? this with { Paths = [.. Paths.Except(paths)] } : this;

    public static ManagedEntry New(string manager, string operation, string apiVersion, string subresource, HashSet<string> paths, DateTimeOffset now) =>
        new(manager, operation, apiVersion, TimeText(now), subresource, paths);

    /// <summary>Entries that are not in a form we know own nothing.</summary>
    public static List<ManagedEntry> Read(IReadOnlyList<JsonElement>? managedFields)
    {
        var entries = new List<ManagedEntry>();
        foreach (var element in managedFields ?? [])
        {
            if (element.ValueKind == JsonValueKind.Object
                && element.TryGetProperty("fieldsV1", out var fields)
                && Text(element, "operation") is Apply or Update)
            {
                entries.Add(new ManagedEntry(
                    Text(element, "manager"),
                    Text(element, "operation"),
                    Text(element, "apiVersion"),
                    Text(element, "time"),
                    Text(element, "subresource"),
                    FieldsV1.Read(fields)));
            }
        }

        return entries;
    }

    public static List<JsonElement>? Write(IEnumerable<ManagedEntry> entries)
    {
        var written = entries
            .Where(entry => entry.Paths.Count > 0)
            .OrderBy(entry => entry.Operation, StringComparer.Ordinal)
            .ThenBy(entry => entry.Time, StringComparer.Ordinal)
            .ThenBy(entry => entry.Manager, StringComparer.Ordinal)
            .Select(entry => entry.ToElement())
            .ToList();
        return written.Count == 0 ? null : written;
    }

    private JsonElement ToElement()
    {
        var entry = new JsonObject
        {
            ["manager"] = Manager,
            ["operation"] = Operation,
            ["apiVersion"] = ApiVersion,
            ["time"] = Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = FieldsV1.Write(Paths),
        };
        if (Subresource.Length > 0)
        {
            entry["subresource"] = Subresource;
        }

        using var document = JsonDocument.Parse(entry.ToJsonString(FieldsV1.Relaxed));
        return document.RootElement.Clone();
    }

    private static string TimeText(DateTimeOffset now) => now.UtcDateTime.ToString(TimestampConverter.Format, CultureInfo.InvariantCulture);

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
