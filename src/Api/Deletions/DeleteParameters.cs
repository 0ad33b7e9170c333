using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Admission;
using Slipway.Api.Replies;
using Slipway.Model.Failures;
using Slipway.Store;

namespace Slipway.Api.Deletions;

/// <summary>DeleteOptions from the body, from the query, or from both; the body wins.</summary>
internal sealed record DeleteParameters(DeleteOptions Options, TimeSpan? Grace)
{
    public static Outcome<DeleteParameters> Read(HttpRequest request, JsonObject? body)
    {
        var propagation = Text(body, "propagationPolicy", request.Query["propagationPolicy"].ToString());
        if (propagation.Length == 0 && (body?["orphanDependents"]?.ToJsonString() == "true" || request.Query["orphanDependents"] == "true"))
        {
            propagation = "Orphan";
        }

        Propagation parsed;
        switch (propagation)
        {
            case "" or "Background":
                parsed = Propagation.Background;
                break;
            case "Foreground":
                parsed = Propagation.Foreground;
                break;
            case "Orphan":
                parsed = Propagation.Orphan;
                break;
            default:
                return Failures.BadRequest($"propagationPolicy: expected Background, Foreground or Orphan, got \"{propagation}\"");
        }

        var dryRun = body?["dryRun"] is JsonArray { Count: > 0 } values
            ? values[0]?.ToString() ?? ""
            : request.Query["dryRun"].ToString();
        if (dryRun.Length > 0 && !dryRun.Equals("All", StringComparison.OrdinalIgnoreCase))
        {
            return Failures.BadRequest($"dryRun: expected \"All\", got \"{dryRun}\"");
        }

        var graceText = body?["gracePeriodSeconds"]?.ToString() ?? request.Query["gracePeriodSeconds"].ToString();
        TimeSpan? grace = null;
        if (graceText.Length > 0)
        {
            if (!int.TryParse(graceText, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return Failures.BadRequest($"gracePeriodSeconds: expected a whole number of 0 or more, got \"{graceText}\"");
            }

            grace = TimeSpan.FromSeconds(seconds);
        }

        var preconditions = body?["preconditions"] as JsonObject;
        return new DeleteParameters(
            new DeleteOptions(
                parsed,
                NullIfEmpty(Text(preconditions, "uid", request.Query["preconditions.uid"].ToString())),
                NullIfEmpty(Text(preconditions, "resourceVersion", request.Query["preconditions.resourceVersion"].ToString())),
                dryRun.Length > 0),
            grace);
    }

    private static string Text(JsonObject? parent, string field, string otherwise) =>
        parent is not null && Identity.Text(parent, field) is { Length: > 0 } text ? text : otherwise;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
