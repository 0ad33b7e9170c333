using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Titanic.Api.Tenants;

namespace Titanic.Api.Endpoints;

/// <summary>What every read does around its own question: which tenant, whether the caller may see what it asks for, and the memory of answers.</summary>
internal sealed class PeopleReads(Tenants.Tenants tenants, CachedReplies cached, ReadCaching caching)
{
    public Outcome<Tenant> TenantOf(HttpContext http) => tenants.Of(http);

    /// <summary>Deleted people are shown to administrators only.</summary>
    public static Problem? RefuseDeleted(HttpContext http, bool deleted) => !deleted
        ? null
        : http.CallerOrNull() is not { } caller ? Problem.Unauthenticated("Deleted people are shown to administrators only.")
        : caller.Scopes.Contains(AccessMode.Admin) ? null : Problem.MissingScope(AccessMode.Admin);

    public async Task<IResult> AnswerAsync(HttpContext http, Tenant tenant, Func<CancellationToken, Task<MadeReply>> read, CancellationToken cancellation, bool remembered = true) =>
        caching.On && remembered
            ? await cached.ReadAsync(http, read, cancellation, tenant.Name + " ")
            : ReadReplies.Conditional(http, (await read(cancellation)).Reply);
}

/// <summary>CACHE=off: every read asks the database.</summary>
internal sealed record ReadCaching(bool On);
