using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Slipway.Identity.Administration;
using Slipway.Identity.Sessions;
using Slipway.Identity.SignIns;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Passkeys;

/// <summary>Somebody's own passkeys, and signing in with one.</summary>
internal static class PasskeyEndpoints
{
    public const string Limit = "passkey";

    private const string Path = "/api/v1/account/passkeys";
    private const int BytesMax = 64 * 1024;
    private const int NameMax = 100;

    private static readonly HashSet<string> s_renamed = new(StringComparer.Ordinal) { "name" };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ListAsync).WithName("listPasskeys").Produces<PasskeyList>(200).RequiresAccount(IdentityScopes.Read);
        app.MapPost(Path + "/options", AskForNewAsync).WithName("beginPasskey").Produces<PasskeyOptions>(200).RequiresAccount(IdentityScopes.Write);
        app.MapPost(Path, AddAsync).WithName("addPasskey").Refuses("tooManyPasskeys", "passkeyExists").Accepts<PasskeyAnswer>("application/json").Produces<PasskeyView>(201).ProducesProblem(409)
            .RequiresAccount(IdentityScopes.Write);
        app.MapPatch(Path + "/{id}", RenameAsync).WithName("renamePasskey").Example("""{"name":"Laptop"}""").Accepts<PasskeyName>("application/merge-patch+json", "application/json")
            .Produces<PasskeyView>(200).RequiresAccount(IdentityScopes.Write);
        app.MapDelete(Path + "/{id}", RemoveAsync).WithName("removePasskey").Produces(204).RequiresAccount(IdentityScopes.Write);
        app.MapPost("/api/v1/session/passkey/options", AskForAnyAsync).WithName("beginPasskeySignIn").Produces<PasskeyOptions>(200)
            .OpenToAll("it is how people sign in").Limited(Limit);
        app.MapPost("/api/v1/session/passkey", SignInAsync).WithName("signInWithPasskey").Refuses("passkeyRefused").Accepts<PasskeyAnswer>("application/json").Produces<SignInReply>(200)
            .OpenToAll("it is how people sign in").Limited(Limit);
    }

    private static async Task<IResult> ListAsync(HttpContext http, Database database, CancellationToken cancellation)
    {
        var userId = http.Account().Account.Id;
        var passkeys = await database.ReadAsync((connection, c) => PasskeyRows.ViewsAsync(connection, userId, c), cancellation);
        return Reply.Ok(new PasskeyList(passkeys), PasskeyJson.Default.PasskeyList);
    }

    private static async Task<IResult> AskForNewAsync(HttpContext http, PasskeyCeremonies ceremonies, TimeProvider time, CancellationToken cancellation) =>
        StepUp.Require(http.Account(), time.GetUtcNow()) is { } stale
            ? stale.ToResult()
            : Question(http, await ceremonies.AskForNewAsync(http, http.Account().Account, cancellation));

    private static async Task<IResult> AddAsync(HttpContext http, PasskeyCeremonies ceremonies, CancellationToken cancellation)
    {
        if (!(await ReadAsync(http, cancellation)).Is(out var answer, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var name = findings.OptionalText("/name", answer.Name, NameMax) ?? "Passkey";
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        var added = await ceremonies.AddAsync(http, http.Account().Account, answer.ChallengeId!.Value, answer.Credential!.Value.GetRawText(), name, cancellation);
        return added.Is(out var passkey, out problem)
            ? Reply.Created($"{Path}/{View(passkey).Id}", View(passkey), PasskeyJson.Default.PasskeyView)
            : problem.ToResult();
    }

    private static async Task<IResult> RenameAsync(string id, HttpContext http, Database database, CancellationToken cancellation)
    {
        if (!(await MergePatch.ReadAsync(http.Request, s_renamed, cancellation)).Is(out var patch, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var name = findings.Text("/name", patch["name"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null, NameMax);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        var userId = http.Account().Account.Id;
        var renamed = CredentialId(id) is { } credential
            ? await database.WriteAsync((tx, c) => PasskeyRows.RenameAsync(tx, userId, credential, name, c), cancellation)
            : null;
        return renamed is null ? Problem.NotFound("passkey").ToResult() : Reply.Ok(renamed, PasskeyJson.Default.PasskeyView);
    }

    /// <summary>Null for what cannot be an id; WebAuthn's have at most 1,023 bytes.</summary>
    private static byte[]? CredentialId(string id) => id.Length <= 1_400 && Base64Url.IsValid(id) ? Base64Url.DecodeFromChars(id) : null;

    private static async Task<IResult> RemoveAsync(string id, HttpContext http, Database database, ActivityLog activity, CancellationToken cancellation)
    {
        var userId = http.Account().Account.Id;
        if (CredentialId(id) is { } credential)
        {
            await database.WriteAsync(
                async (tx, c) =>
                {
                    if (await PasskeyRows.RemoveAsync(tx, userId, credential, c) == 1)
                    {
                        await activity.AddAsync(tx, http, userId, new Activity("passkey.removed", "account", userId.ToString()), c);
                    }
                },
                cancellation);
        }

        return Results.NoContent();
    }

    private static async Task<IResult> AskForAnyAsync(HttpContext http, PasskeyCeremonies ceremonies, CancellationToken cancellation) =>
        Question(http, await ceremonies.AskForAnyAsync(http, cancellation));

    private static async Task<IResult> SignInAsync(
        HttpContext http, PasskeyCeremonies ceremonies, SessionOpening opening, IdentityCookie cookie, CancellationToken cancellation)
    {
        if (http.Request.Headers.Origin.Count > 0 && http.Request.Headers.Origin.ToString() != cookie.Origin)
        {
            return Problem.Forbidden("Signing in is possible from this service's own pages only.").ToResult();
        }

        if (!(await ReadAsync(http, cancellation)).Is(out var answer, out var problem)
            || !(await ceremonies.ProveAsync(http, answer.ChallengeId!.Value, answer.Credential!.Value.GetRawText(), cancellation)).Is(out var account, out problem))
        {
            return problem.ToResult();
        }

        return await opening.OpenAsync(http, new SignInStep.Complete(account, [PasskeyCeremonies.Method], MustEnrol: false), cancellation);
    }

    private static async Task<Outcome<PasskeyAnswer>> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, PasskeyJson.Default.PasskeyAnswer, BytesMax, cancellation)).Is(out var answer, out var problem))
        {
            return problem;
        }

        var findings = new Findings();
        if (answer.ChallengeId is null)
        {
            findings.Add("/challengeId", "required", "challengeId is required; the question came with it.");
        }

        if (answer.Credential is not { ValueKind: JsonValueKind.Object })
        {
            findings.Add("/credential", "required", "credential is required: what navigator.credentials gave, as an object.");
        }

        return findings.Any ? findings.ToProblem() : answer;
    }

    private static Reply Question(HttpContext http, PasskeyQuestion question)
    {
        http.Response.Headers.CacheControl = "no-store";
        using var options = JsonDocument.Parse(question.OptionsJson);
        return Reply.Ok(new PasskeyOptions(question.ChallengeId, options.RootElement), PasskeyJson.Default.PasskeyOptions);
    }

    private static PasskeyView View(UserPasskeyInfo passkey) =>
        new(Base64Url.EncodeToString(passkey.CredentialId), passkey.Name ?? "Passkey", passkey.CreatedAt, null, passkey.IsBackedUp);
}
