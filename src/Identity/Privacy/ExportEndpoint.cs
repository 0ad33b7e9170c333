using Slipway.Identity.Administration;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Privacy;

/// <summary>The rights to access and to data portability, as one file.</summary>
internal static class ExportEndpoint
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/account/export", HandleAsync).WithName("exportAccount").RequiresAccount(IdentityScopes.Read);
        app.MapGet("/api/v1/users/export", HandleAsync).RequiresAccount(IdentityScopes.Read);
        app.MapGet("/api/users/export", HandleAsync).ExcludeFromDescription().RequiresAccount(IdentityScopes.Read);
    }

    private static async Task<IResult> HandleAsync(
        HttpContext http, PersonalExport export, Database database, ActivityLog activity, CancellationToken cancellation)
    {
        var userId = http.Account().Account.Id;
        var document = await export.WriteAsync(userId, cancellation);
        await database.WriteAsync(
            (tx, c) => activity.AddAsync(tx, http, userId, new Activity("account.exported", "account", userId.ToString()), c), cancellation);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"account-{userId}.json\"";
        return Results.Text(document.ToJsonString(), "application/json");
    }
}
