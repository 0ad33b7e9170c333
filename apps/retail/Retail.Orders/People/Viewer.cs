using Microsoft.AspNetCore.Http;
using Npgsql;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Orders.People;

/// <summary>Who looks at an order: a signed-in person, somebody who holds a guest's token, or nobody in particular.</summary>
internal sealed record Viewer(Caller? Caller, string? GuestToken)
{
    private const int TokenMax = 200;

    public const string Read = "retail.orders:read";
    public const string Write = "retail.orders:write";

    public bool IsAdmin => Caller?.Roles.Contains("admin") == true;

    /// <summary>The account whose orders these are; a service or a guest has none.</summary>
    public Guid? UserId => Caller is { } caller && caller.UserId != Guid.Empty ? caller.UserId : null;

    /// <summary>Products are a vendor's business; buying is not, unless they are a customer too.</summary>
    public bool MayBuy => Caller is null || IsAdmin || Caller.Roles.Contains("customer") || !Caller.Roles.Contains("vendor");

    /// <param name="scope">What a token must allow; a guest has no scopes and needs none.</param>
    public static Outcome<Viewer> Of(HttpContext http, string scope)
    {
        var caller = http.CallerOrNull();
        if (caller is not null && !caller.Scopes.Contains(scope))
        {
            return Problem.MissingScope(scope);
        }

        var token = http.Request.Headers[GuestTokens.Header] is { Count: 1 } header && header[0] is { Length: > 0 and <= TokenMax } text ? text : null;
        return new Viewer(caller, token);
    }

    /// <summary>Whoever may not see it is told the same as when there is none.</summary>
    public async Task<bool> MaySeeAsync(NpgsqlConnection connection, Guid orderId, CancellationToken cancellation)
    {
        var rows = await connection.Command("select user_id from orders where id = $1", orderId).ListAsync(row => row.OrNull<Guid>(0), cancellation);
        if (rows.Count == 0)
        {
            return false;
        }

        return IsAdmin || (UserId is { } user && rows[0] == user) || (GuestToken is { } token && await GuestTokens.FitsAsync(connection, orderId, token, cancellation));
    }

    public static Problem Unknown => Problem.NotFound("order");
}
