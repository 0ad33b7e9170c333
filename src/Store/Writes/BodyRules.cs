using System.Text.Json;
using System.Text.Unicode;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store.Writes;

/// <summary>
/// Whether a body can be kept, compared and read again. Checked before the lane, which is shared: what trips it there would trip
/// it for everybody.
/// </summary>
internal static class BodyRules
{
    public static Failure? Check(Resource resource)
    {
        var body = resource.Body.Span;
        if (!Utf8.IsValid(body))
        {
            return Malformed(resource, "it is not UTF-8");
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Malformed(resource, "it is not a JSON object");
            }

            while (reader.Read())
            {
                // JSON lets half a surrogate pair be written as an escape; no text can hold it.
                if (reader is { ValueIsEscaped: true, TokenType: JsonTokenType.String or JsonTokenType.PropertyName })
                {
                    _ = reader.GetString();
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Malformed(resource, exception.Message);
        }
    }

    private static Failure Malformed(Resource resource, string message) =>
        new(FailureKind.Malformed, "body-not-json", $"The content of {resource.Key} cannot be stored: {message}");
}
