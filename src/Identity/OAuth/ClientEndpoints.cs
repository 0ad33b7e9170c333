using System.Text.RegularExpressions;
using Slipway.Identity.Administration;
using Slipway.Identity.Sessions;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.OAuth;

/// <summary>Programs of third parties, registered by administrators.</summary>
internal static partial class ClientEndpoints
{
    private const string Path = "/api/v1/admin/clients";
    private const int AddressesMax = 20;

    private static readonly string[] s_grants = [Grant.AuthorizationCode, Grant.RefreshToken, Grant.ClientCredentials];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ListAsync).WithName("listClients").Produces<ClientList>(200).RequiresAdmin(IdentityScopes.Read);
        app.MapPost(Path, CreateAsync).WithName("createClient")
            .Example("""{"id":"planner","name":"Planner","confidential":true,"redirectUris":["https://planner.example/callback"],"scopes":["todo.todos:read"],"grants":["authorization_code"]}""")
            .Refuses("clientExists", "stepUpRequired", "secondFactorRequired")
            .Accepts<ClientBody>("application/json").Produces<ClientView>(201).ProducesProblem(409).RequiresAdmin(IdentityScopes.Write);
        app.MapDelete(Path + "/{id}", RemoveAsync).WithName("removeClient").Refuses("ownClient", "secondFactorRequired").Produces(204).ProducesProblem(409).RequiresAdmin(IdentityScopes.Write);
    }

    private static async Task<IResult> ListAsync(Database database, CancellationToken cancellation)
    {
        var clients = await database.ReadAsync(ClientStore.AllAsync, cancellation);
        return Reply.Ok(new ClientList([.. clients.Select(ClientView.Of)]), ClientJson.Default.ClientList);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, Database database, ActivityLog activity, TimeProvider time, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (StepUp.Require(http.Account(), time.GetUtcNow()) is { } stale)
        {
            return stale.ToResult();
        }

        if (!(await Body.ReadAsync(http.Request, ClientJson.Default.ClientBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !Read(body).Is(out var client, out problem))
        {
            return problem.ToResult();
        }

        var actor = http.Account().Account.Id;
        var secret = client.Confidential ? ClientSecret.New() : null;
        client = client with { OwnerId = actor, SecretHash = secret is null ? null : ClientSecret.Hash(secret) };
        var added = await database.WriteAsync(
            async (tx, c) =>
            {
                if (!await ClientStore.AddAsync(tx, client, time.GetUtcNow(), c))
                {
                    return false;
                }

                await activity.AddAsync(tx, http, actor, new Activity("client.registered", "client", client.Id) { Changes = [new("/scopes", null, ScopeSet.Write(client.Scopes))] }, c);
                return true;
            },
            cancellation);
        return added
            ? Reply.Created($"{Path}/{client.Id}", ClientView.Of(client) with { Secret = secret }, ClientJson.Default.ClientView)
            : Problem.Conflict("clientExists", "The id is taken", $"There is a client {client.Id} already.").ToResult();
    }

    private static async Task<IResult> RemoveAsync(
        string id, HttpContext http, Database database, ActivityLog activity, TimeProvider time, CancellationToken cancellation)
    {
        var actor = http.Account().Account.Id;
        var refusal = await database.WriteAsync<Problem?>(
            async (tx, c) =>
            {
                if (await tx.Command("select 1 from clients where id = $1 and first_party", id).OneAsync(_ => true, c))
                {
                    return Problem.Conflict("ownClient", "Part of this installation", "The installation's own clients cannot be removed.");
                }

                if (await tx.Command("delete from clients where id = $1", id).ExecuteAsync(c) == 1)
                {
                    await tx.Command(
                        "update sessions set revoked_at = $2, revoked_reason = 'clientRemoved' where client_id = $1 and kind = 'grant' and revoked_at is null",
                        id, time.GetUtcNow()).ExecuteAsync(c);
                    await activity.AddAsync(tx, http, actor, new Activity("client.removed", "client", id), c);
                }

                return null;
            },
            cancellation);
        return refusal?.ToResult() ?? Results.NoContent();
    }

    internal static Outcome<Client> Read(ClientBody body)
    {
        var findings = new Findings();
        var id = findings.Text("/id", body.Id, 60, 3);
        if (id.Length > 0 && !IdShape().IsMatch(id))
        {
            findings.Add("/id", "invalid", "id has lower-case letters, digits and dashes, and begins with a letter.");
        }

        var name = findings.Text("/name", body.Name, 100);
        var grants = (body.Grants ?? [Grant.AuthorizationCode, Grant.RefreshToken]).Distinct().ToList();
        for (var at = 0; at < Math.Min(grants.Count, 10); at++)
        {
            if (!s_grants.Contains(grants[at]))
            {
                findings.Add($"/grants/{at}", "notOneOf", $"A grant is one of {string.Join(", ", s_grants)}.");
            }
        }

        if (grants.Count is 0 or > 3)
        {
            findings.Add("/grants", "invalid", "grants names one to three ways of getting tokens.");
        }

        if (grants.Contains(Grant.ClientCredentials) && body.Confidential != true)
        {
            findings.Add("/confidential", "required", "client_credentials is for confidential clients.");
        }

        var redirects = Addresses(findings, "/redirectUris", body.RedirectUris);
        if (redirects.Count == 0 && grants.Contains(Grant.AuthorizationCode))
        {
            findings.Add("/redirectUris", "required", "authorization_code needs an address to return to.");
        }

        var signOut = Addresses(findings, "/signOutUris", body.SignOutUris);
        var scopes = (body.Scopes ?? []).Distinct().ToList();
        for (var at = 0; at < Math.Min(scopes.Count, ScopeSet.CountMax); at++)
        {
            if (scopes[at] is null || !ScopeSet.IsScope(scopes[at]) || scopes[at].StartsWith(Audience.Own + ".", StringComparison.Ordinal))
            {
                findings.Add($"/scopes/{at}", "invalidScope", "A scope is written {app}.{resource}:{verb} or {app}.*, and is none of the account itself.");
            }
        }

        if (scopes.Count > ScopeSet.CountMax)
        {
            findings.Add("/scopes", "tooMany", $"At most {ScopeSet.CountMax} scopes.");
        }

        return findings.Any ? findings.ToProblem() : new Client
        {
            Id = id,
            Name = name,
            Confidential = body.Confidential == true,
            RedirectUris = redirects,
            SignOutUris = signOut,
            Scopes = scopes,
            Grants = grants,
        };
    }

    private static List<string> Addresses(Findings findings, string pointer, List<string>? given)
    {
        var addresses = (given ?? []).Distinct().ToList();
        if (addresses.Count > AddressesMax)
        {
            findings.Add(pointer, "tooMany", $"At most {AddressesMax} addresses.");
            return [];
        }

        for (var at = 0; at < addresses.Count; at++)
        {
            if ((addresses[at] is null ? "An address is a text." : OAuth.RedirectUris.Mistake(addresses[at])) is { } mistake)
            {
                findings.Add($"{pointer}/{at}", "invalidAddress", mistake);
            }
        }

        return addresses;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex IdShape();
}
