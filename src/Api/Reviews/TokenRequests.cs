using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.Admission;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Tokens;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.Reviews;

/// <summary><c>serviceaccounts/{name}/token</c>: a short-lived token that speaks for the account.</summary>
internal sealed class TokenRequests(ApiServices services, ManifestReader reader)
{
    private const long SecondsDefault = 3600;
    private const long SecondsMin = 600;
    private const long SecondsMax = 48 * 3600;
    private const int AudiencesMax = 16;

    public async Task<Reply> AnswerAsync(ApiRequest request)
    {
        if (services.Store.Get(request.Key) is not { } account)
        {
            return Failures.NotFound(request.Kind, request.Path.Name);
        }

        var body = await reader.ReadAsync(request).ConfigureAwait(false);
        if (body.Failure is { } unreadable)
        {
            return unreadable;
        }

        var spec = body.Value.Tree["spec"] as JsonObject ?? [];
        var audiences = Audiences(spec);
        var seconds = SecondsDefault;
        if (spec["expirationSeconds"] is JsonValue given
            && !long.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out seconds))
        {
            return Failures.BadRequest($"spec.expirationSeconds: expected a whole number, got {given.ToJsonString()}");
        }

        if (audiences is null || audiences.Count > AudiencesMax)
        {
            return Failures.BadRequest($"spec.audiences: expected a list of at most {AudiencesMax} texts");
        }

        if (seconds < SecondsMin)
        {
            return Failures.Invalid(account.Kind, account.Name,
                new Finding("FieldValueInvalid", $"may not specify a duration less than {SecondsMin} seconds", "spec.expirationSeconds"));
        }

        var expiresAt = services.Time.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(seconds, SecondsMax));
        var token = services.Tokens.Issue(account.Namespace, account.Name, account.Uid, audiences, expiresAt);
        return new Reply.Document(
            new JsonObject
            {
                ["kind"] = "TokenRequest",
                ["apiVersion"] = "authentication.k8s.io/v1",
                ["metadata"] = new JsonObject { ["name"] = account.Name, ["namespace"] = account.Namespace },
                ["spec"] = new JsonObject
                {
                    ["audiences"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]),
                    ["expirationSeconds"] = Math.Min(seconds, SecondsMax),
                    ["boundObjectRef"] = null,
                },
                ["status"] = new JsonObject
                {
                    ["token"] = token,
                    ["expirationTimestamp"] = expiresAt.UtcDateTime.ToString(TimestampConverter.Format, CultureInfo.InvariantCulture),
                },
            },
            201);
    }

    private static List<string>? Audiences(JsonObject spec) => spec["audiences"] switch
    {
        null or JsonArray { Count: 0 } => [TokenIssuer.ApiAudience],
        JsonArray given when given.All(audience => audience is JsonValue text && text.TryGetValue<string>(out _)) =>
            [.. given.Select(audience => audience!.GetValue<string>())],
        _ => null,
    };
}
