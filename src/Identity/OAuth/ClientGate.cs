using Slipway.Sdk.Database;

namespace Slipway.Identity.OAuth;

/// <summary>Finds out which client calls, and whether it is the one it says it is.</summary>
internal sealed class ClientGate(Database database)
{
    public async Task<Client?> AuthenticateAsync(HttpRequest request, TokenForm form, CancellationToken cancellation)
    {
        var header = request.Headers.Authorization is [{ Length: > 0 } value] ? value : null;
        if (ClientCredentials.Read(header, form["client_id"], form["client_secret"]) is not { } shown || shown.Id.Length > 100 || shown.Id.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var client = await database.ReadAsync((connection, c) => ClientStore.FindAsync(connection, shown.Id, c), cancellation);
        if (client is not { Active: true })
        {
            return null;
        }

        // A public client has nothing to prove with; a secret sent along would be a mistake somebody should notice.
        return client.Confidential ? (ClientSecret.Matches(client.SecretHash, shown.Secret) ? client : null) : (shown.Secret is null ? client : null);
    }
}
