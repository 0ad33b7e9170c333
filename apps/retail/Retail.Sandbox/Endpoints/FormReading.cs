using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Retail.Sandbox.Endpoints;

/// <summary>Parameters as the wire has them: a form, with brackets for what is nested.</summary>
internal static class FormReading
{
    private const int MetadataMax = 20;

    public static async Task<Outcome<IFormCollection>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength is null or 0 && !request.HasFormContentType)
        {
            return Wrap(FormCollection.Empty);
        }

        if (!request.HasFormContentType)
        {
            return new Problem(415, "unsupportedMediaType", "Not a kind of body this call reads", "Send the parameters as application/x-www-form-urlencoded.");
        }

        try
        {
            return Wrap(await request.ReadFormAsync(cancellation));
        }
        catch (InvalidDataException)
        {
            return Problem.Unreadable("The form cannot be read or is too large.");
        }
    }

    public static string? Text(this IFormCollection form, string name, int max = 500) =>
        form[name] is [{ Length: > 0 } text] && text.Length <= max ? text : null;

    public static long? Amount(this IFormCollection form, string name) =>
        long.TryParse(form.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    public static JsonObject Metadata(this IFormCollection form)
    {
        var metadata = new JsonObject();
        foreach (var name in form.Keys.Where(name => name.StartsWith("metadata[", StringComparison.Ordinal) && name.EndsWith(']')).Take(MetadataMax))
        {
            metadata[name[9..^1]] = form.Text(name) ?? "";
        }

        return metadata;
    }

    private static Outcome<IFormCollection> Wrap(IFormCollection form) => Wrapped<IFormCollection>.Of(form);

    /// <summary>An interface has no implicit conversion; a type parameter has.</summary>
    private static class Wrapped<T>
    {
        public static Outcome<T> Of(T value) => value;
    }
}
