using System.Text.Json;
using Slipway.Api.Replies;
using Slipway.Model.Resources;

namespace Slipway.Api.Content.Tables;

/// <summary>Writes resources as the tables that <c>kubectl get</c> prints.</summary>
internal static class TableWriter
{
    public static void Write(
        Utf8JsonWriter writer, ResourceKind kind, ListPage page, IncludedObject include, DateTimeOffset now, bool withColumns)
    {
        var columns = TableColumns.Of(kind);
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Table"u8);
        writer.WriteString("apiVersion"u8, "meta.k8s.io/v1"u8);
        page.WriteMetadata(writer);
        writer.WriteStartArray("columnDefinitions"u8);
        foreach (var column in withColumns ? columns : [])
        {
            WriteColumn(writer, column);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rows"u8);
        foreach (var resource in page.Items)
        {
            WriteRow(writer, resource, columns, include, now);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteColumn(Utf8JsonWriter writer, TableColumn column)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, column.Name);
        writer.WriteString("type"u8, column.Type);
        writer.WriteString("format"u8, column.Name == "Name" ? "name" : "");
        writer.WriteString("description"u8, column.Description);
        writer.WriteNumber("priority"u8, column.Priority);
        writer.WriteEndObject();
    }

    private static void WriteRow(
        Utf8JsonWriter writer, Resource resource, IReadOnlyList<TableColumn> columns, IncludedObject include, DateTimeOffset now)
    {
        using var row = new RowSource(resource, now);
        writer.WriteStartObject();
        writer.WriteStartArray("cells"u8);
        foreach (var column in columns)
        {
            switch (column.Cell(row))
            {
                case null:
                    writer.WriteNullValue();
                    break;
                case long number:
                    writer.WriteNumberValue(number);
                    break;
                case bool flag:
                    writer.WriteBooleanValue(flag);
                    break;
                case var text:
                    writer.WriteStringValue(text.ToString());
                    break;
            }
        }

        writer.WriteEndArray();
        switch (include)
        {
            case IncludedObject.Object:
                writer.WritePropertyName("object"u8);
                resource.WriteTo(writer);
                break;
            case IncludedObject.Metadata:
                writer.WritePropertyName("object"u8);
                ReplyWriter.WritePartial(writer, resource);
                break;
        }

        writer.WriteEndObject();
    }
}
