using Microsoft.AspNetCore.Http;
using Slipway.Api.Replies;
using Slipway.Model.Failures;

namespace Slipway.Api.Requests;

internal enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <summary>Query parameters that every write understands. Unknown parameters are ignored, wrong values of known ones are refused.</summary>
internal sealed record WriteParameters(bool DryRun, FieldValidation FieldValidation, string? FieldManager, bool Force)
{
    private const int ManagerLengthMax = 128;

    public static Outcome<WriteParameters> Read(HttpRequest request)
    {
        var dryRun = request.Query["dryRun"];
        foreach (var value in dryRun)
        {
            // gcloud writes the value in lower case.
            if (!string.IsNullOrEmpty(value) && !value.Equals("All", StringComparison.OrdinalIgnoreCase))
            {
                return Failures.BadRequest($"dryRun: expected \"All\", got \"{value}\"");
            }
        }

        var validation = request.Query["fieldValidation"].ToString();
        FieldValidation parsed;
        switch (validation)
        {
            case "" or "Warn":
                parsed = FieldValidation.Warn;
                break;
            case "Strict":
                parsed = FieldValidation.Strict;
                break;
            case "Ignore":
                parsed = FieldValidation.Ignore;
                break;
            default:
                return Failures.BadRequest($"fieldValidation: expected Ignore, Warn or Strict, got \"{validation}\"");
        }

        var manager = request.Query["fieldManager"].ToString();
        if (manager.Length > ManagerLengthMax || manager.Any(char.IsControl))
        {
            return Failures.BadRequest($"fieldManager: at most {ManagerLengthMax} printable characters are allowed");
        }

        var force = request.Query["force"].ToString();
        return force is not ("" or "true" or "false" or "1" or "0")
            ? Failures.BadRequest($"force: expected true or false, got \"{force}\"")
            : new WriteParameters(dryRun.Any(value => !string.IsNullOrEmpty(value)), parsed, manager.Length == 0 ? null : manager, force is "true" or "1");
    }

    /// <summary>The name under which this caller's fields are remembered: what it says, else the program of its User-Agent.</summary>
    public string ManagerOf(HttpRequest request)
    {
        if (FieldManager is not null)
        {
            return FieldManager;
        }

        var agent = request.Headers.UserAgent.ToString();
        var end = agent.IndexOf('/', StringComparison.Ordinal);
        var program = end < 0 ? agent : agent[..end];
        program = new string([.. program.Where(character => !char.IsControl(character)).Take(ManagerLengthMax)]);
        return program.Length == 0 ? "unknown" : program;
    }
}
