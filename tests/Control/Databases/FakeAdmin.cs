using Slipway.Control.Databases;
using Slipway.Model.Failures;

namespace Slipway.Control.Tests.Databases;

/// <summary>A server that remembers what it was asked for.</summary>
internal sealed class FakeAdmin : IDatabaseAdmin
{
    public Failure? Trouble { get; set; }

    public List<string> Calls { get; } = [];

    public string? Password { get; private set; }

    public Task<Failure?> EnsureAsync(DatabaseAccount account, bool setPassword, CancellationToken cancellation)
    {
        Calls.Add($"ensure {account.Database} for {account.Claim}{(setPassword ? " with password" : "")}");
        if (Trouble is null && setPassword)
        {
            Password = account.Password;
        }

        return Task.FromResult(Trouble);
    }

    public Task<Failure?> DropAsync(string database, string role, string claim, CancellationToken cancellation)
    {
        Calls.Add($"drop {database}");
        return Task.FromResult(Trouble);
    }

    public IReadOnlyList<KeyValuePair<string, string>> Describe(DatabaseAccount account) =>
        [new("DATABASE_URL", $"postgresql://{account.Role}:{account.Password}@db/{account.Database}"), new("password", account.Password)];
}
