using Microsoft.Net.Http.Headers;
using Slipway.Api.Replies;
using Slipway.Model.Failures;

namespace Slipway.Api.Content;

internal enum Form
{
    Whole,
    Table,
    PartialMetadata,
}

internal enum IncludedObject
{
    Metadata,
    Object,
    None,
}

/// <summary>How the caller wants resources drawn: whole, as a printable table, or metadata only.</summary>
internal sealed record Rendering(Form Form, IncludedObject Include = IncludedObject.Metadata)
{
    public static Rendering Whole { get; } = new(Form.Whole);

    /// <summary>Goes through the Accept header in the caller's order and takes the first form we can write.</summary>
    public static Outcome<Rendering> Choose(string accept, string includeObject)
    {
        if (string.IsNullOrWhiteSpace(accept))
        {
            return Whole;
        }

        // Programs exist that send broken Accept headers; JSON is what all of them can read.
        if (!MediaTypeHeaderValue.TryParseList([accept], out var offered))
        {
            return Whole;
        }

        foreach (var media in offered.OrderByDescending(media => media.Quality ?? 1))
        {
            var json = media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || media.MediaType == "*/*" || media.MediaType == "application/*";
            if (!json || media.Quality == 0)
            {
                continue;
            }

            var shape = Parameter(media, "as");
            if (shape.Length == 0)
            {
                return Whole;
            }

            if (Parameter(media, "g") is "meta.k8s.io" && Parameter(media, "v") is "v1" or "v1beta1")
            {
                switch (shape)
                {
                    case "Table":
                        return Included(includeObject);
                    case "PartialObjectMetadata" or "PartialObjectMetadataList":
                        return new Rendering(Form.PartialMetadata);
                }
            }
        }

        return Failures.NotAcceptable("application/json, application/json;as=Table;g=meta.k8s.io;v=v1");
    }

    private static Outcome<Rendering> Included(string includeObject) => includeObject switch
    {
        "" or "Metadata" => new Rendering(Form.Table),
        "Object" => new Rendering(Form.Table, IncludedObject.Object),
        "None" => new Rendering(Form.Table, IncludedObject.None),
        _ => Failures.BadRequest($"includeObject: expected Metadata, Object or None, got \"{includeObject}\""),
    };

    public static string Parameter(MediaTypeHeaderValue media, string name) =>
        media.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Value ?? "";
}
