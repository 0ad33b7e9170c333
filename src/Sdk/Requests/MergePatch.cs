using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Requests;

/// <summary>A patch after RFC 7396: a member that is absent stays, one that is null is cleared.</summary>
public static class MergePatch
{
    private const string MediaType = "application/merge-patch+json";
    private const long BytesMax = 1_048_576;

    public static async ValueTask<Outcome<JsonObject>> ReadAsync(
        HttpRequest request, IReadOnlySet<string> members, CancellationToken cancellation = default)
    {
        var bytes = await BodyBytes.ReadAsync(request, type => type is MediaType or "application/json", MediaType, BytesMax, cancellation);
        if (!bytes.Is(out var body, out var problem))
        {
            return problem;
        }

        var parsed = Body.Parse(body);
        if (!parsed.Is(out var document, out problem))
        {
            return problem;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Problem.Invalid([new Finding("mistyped", "The body must be an object.") { Pointer = "" }]);
            }

            var findings = new Findings();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!members.Contains(member.Name))
                {
                    var shown = member.Name.Length > 80 ? member.Name[..80] : member.Name;
                    findings.Add("/" + shown.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal), "unknownField", $"There is no field {shown} that can be changed here.");
                }
            }

            return findings.Any ? findings.ToProblem() : JsonObject.Create(document.RootElement.Clone())!;
        }
    }
}
