using Slipway.Model.Failures;

namespace Slipway.Control.Databases;

/// <summary>What is done on the server. Every call may be repeated.</summary>
internal interface IDatabaseAdmin
{
    /// <summary>
    /// Makes role and database exist, with this password and limit. Failure codes: <c>database-name-taken</c> when one of
    /// that name was made for somebody else, <c>database-server-unavailable</c>.
    /// </summary>
    Task<Failure?> EnsureAsync(DatabaseAccount account, bool setPassword, CancellationToken cancellation);

    /// <summary>Ends its connections and drops database and role; one that was made for somebody else stays untouched.</summary>
    Task<Failure?> DropAsync(string database, string role, string claim, CancellationToken cancellation);

    /// <summary>The connection URL for instances.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Describe(DatabaseAccount account);
}
