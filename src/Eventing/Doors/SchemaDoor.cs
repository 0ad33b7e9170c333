using Microsoft.AspNetCore.Http;
using Slipway.Eventing.Schemas;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Doors;

/// <summary><c>/schemas…</c>: what the data of event types looks like. Everybody may read.</summary>
internal sealed class SchemaDoor(EventBus bus)
{
    private const int BytesMax = 128 * 1024;
    private const int TypeMax = 256;
    private const string Suffix = ".json";

    public Task ListAsync(HttpContext http) => Answers.JsonAsync(http, StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var schema in bus.Schemas.All)
        {
            writer.WriteStartObject();
            writer.WriteString("type", schema.Type);
            writer.WriteString("url", $"/schemas/{schema.Type}{Suffix}");
            writer.WriteString("changedAt", schema.ChangedAt.UtcDateTime);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public Task GetAsync(HttpContext http)
    {
        if (TypeOf(http) is not { } type || bus.Schemas.Find(type) is not { } schema)
        {
            return Answers.ProblemAsync(http, new Failure(FailureKind.NotFound, "schema-not-found", "No schema is registered for this type."));
        }

        http.Response.ContentType = "application/schema+json";
        return Answers.JsonAsync(http, StatusCodes.Status200OK, schema.Document.WriteTo);
    }

    public async Task PutAsync(HttpContext http)
    {
        if (TypeOf(http) is not { Length: > 0 and <= TypeMax } type || type.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_')))
        {
            await Answers.ProblemAsync(http, new Failure(FailureKind.Malformed, "type-invalid", "Write /schemas/{type}.json with a type of letters, digits, '.', '-' and '_'."));
            return;
        }

        var body = await Bodies.ReadObjectAsync(http.Request, BytesMax, http.RequestAborted);
        if (body.Failure is { } failure)
        {
            await Answers.ProblemAsync(http, failure);
            return;
        }

        if (JsonSchema.Problems(body.Value) is { Count: > 0 } problems)
        {
            await Answers.ProblemAsync(http, new Failure(FailureKind.Invalid, "schema-invalid", "This schema cannot be used.") { Findings = problems });
            return;
        }

        var known = bus.Schemas.Find(type);
        if (known is null && bus.Schemas.All.Count() >= SchemaRegistry.TypesMax)
        {
            await Answers.ProblemAsync(http, new Failure(FailureKind.Invalid, "too-many-schemas", $"At most {SchemaRegistry.TypesMax} types have schemas."));
            return;
        }

        if (known is not null && SchemaEvolution.Breaks(known.Document, body.Value) is { Count: > 0 } breaks)
        {
            await Answers.ProblemAsync(http, new Failure(FailureKind.Conflict, "schema-breaks", $"Only additions are possible within {type}. Register another major version instead.") { Findings = breaks });
            return;
        }

        await bus.Schemas.StoreAsync(type, body.Value, http.RequestAborted);
        http.Response.StatusCode = known is null ? StatusCodes.Status201Created : StatusCodes.Status204NoContent;
    }

    private static string? TypeOf(HttpContext http) =>
        (string?)http.Request.RouteValues["type"] is { } name && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : null;
}
