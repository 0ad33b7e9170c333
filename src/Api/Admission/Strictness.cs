using System.Text.Json.Nodes;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Decoding;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.Admission;

/// <summary>What happens to fields the schema does not know: refused, dropped with a warning, or dropped silently.</summary>
internal static class Strictness
{
    /// <summary>Prunes the manifest in place and returns the warnings, or refuses it.</summary>
    public static Outcome<List<string>> Apply(
        ResourceKind kind, JsonObject manifest, IReadOnlyList<FieldProblem> duplicates, FieldValidation wanted)
    {
        var problems = StrictDecoder.Check(kind, manifest);
        var intro = $"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}";
        var illTyped = problems.Where(problem => problem.Kind == FieldProblemKind.IllTyped).ToList();
        if (illTyped.Count > 0)
        {
            return Failures.BadRequest($"{intro}: {string.Join(", ", illTyped.Select(problem => problem.Message))}");
        }

        IReadOnlyList<string> tolerated = [.. duplicates.Concat(problems).Select(problem => problem.Message)];
        if (wanted == FieldValidation.Strict && tolerated.Count > 0)
        {
            return Failures.BadRequest($"{intro}: strict decoding error: {string.Join(", ", tolerated)}");
        }

        StrictDecoder.Prune(kind, manifest);
        return new List<string>(wanted == FieldValidation.Warn ? tolerated : []);
    }
}
